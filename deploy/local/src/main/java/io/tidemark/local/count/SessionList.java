package io.tidemark.local.count;

import io.tidemark.contracts.event.Channel;
import java.nio.file.Path;
import java.util.List;

/** The gap and session events of the raw lake in words, first received first. */
public record SessionList(List<String> gaps, List<String> sessions) {
    private static final int LIMIT = 500;

    public static SessionList of(SegmentCount raw) {
        return new SessionList(
                list(raw.filesOf(Channel.GAPS), "gap_reason", "coalesce(gap_channel, '')"),
                list(raw.filesOf(Channel.SESSIONS), "session_change", "coalesce(conflated_channel, '')"));
    }

    private static List<String> list(List<Path> files, String what, String where) {
        if (files.isEmpty()) {
            return List.of();
        }
        try (Duck duck = new Duck()) {
            return duck
                    .texts("SELECT concat_ws(' ', strftime(CAST(receive_time AS TIMESTAMPTZ), '%H:%M:%S.%f'),"
                            + " source, symbol, " + what + ", " + where + ", coalesce(detail, '')) FROM "
                            + Duck.files(files) + " ORDER BY receive_time, incarnation, sequence LIMIT " + LIMIT)
                    .stream()
                    .map(row -> row.get(0).strip())
                    .toList();
        }
    }
}
