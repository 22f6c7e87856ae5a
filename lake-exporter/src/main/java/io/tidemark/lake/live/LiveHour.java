package io.tidemark.lake.live;

import io.tidemark.contracts.lake.LakeFile;
import java.time.Instant;
import java.util.Comparator;

/** A source, symbol and event hour: one folder. */
record LiveHour(String source, String symbol, Instant hour) implements Comparable<LiveHour> {
    private static final Comparator<LiveHour> ORDER = Comparator.comparing(LiveHour::source)
            .thenComparing(LiveHour::symbol)
            .thenComparing(LiveHour::hour);

    static LiveHour of(LakeFile file) {
        return new LiveHour(file.source(), file.symbol(), file.hour());
    }

    @Override
    public int compareTo(LiveHour other) {
        return ORDER.compare(this, other);
    }
}
