package io.tidemark.local.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.contracts.event.Channel;
import io.tidemark.local.count.ChannelCounts;
import io.tidemark.local.count.Counts;
import io.tidemark.local.count.Equation;
import io.tidemark.local.count.Equations;
import io.tidemark.local.count.SqlCount;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The result of a demo as a table for people and as one JSON object for programs. */
final class DemoReport {
    private static final int LISTED = 40;

    private final Counts counts;
    private final RunTotals runs;
    private final long edgePeakMegabytes;
    private final Path dir;

    DemoReport(Counts counts, RunTotals runs, long edgePeakMegabytes, Path dir) {
        this.counts = counts;
        this.runs = runs;
        this.edgePeakMegabytes = edgePeakMegabytes;
        this.dir = dir;
    }

    boolean agree() {
        return Equations.agree(counts);
    }

    String table() {
        StringBuilder text = new StringBuilder(4096);
        ChannelCounts events = counts.events();
        text.append('\n');
        line(
                text,
                "frames emitted by the exchange",
                counts.emitted().isPresent() ? number(counts.emitted().getAsLong()) : "unknown (a real exchange)");
        line(text, "frames received by the edge", number(counts.received()));
        line(text, "events logged", number(events.logged()));
        line(
                text,
                "records on Kafka",
                number(events.kafka()) + repeats(counts.kafkaRecords() - events.kafka()) + conflated(events));
        line(text, "rows in bars / bars_ohlcv", number(counts.bars()) + " / " + number(counts.barsOhlcv()));
        line(text, "segments / synced", number(counts.segmentFiles()) + " / " + number(counts.syncedFiles()));
        line(text, "lake files sealed / rows", number(counts.sealedFiles()) + " / " + number(events.sealed()));
        line(text, SqlCount.QUESTION + " by JDBC", number(counts.sqlRows()));
        line(text, "edge's resident memory at its peak", edgePeakMegabytes + " MB");
        line(
                text,
                "books held against the venue: agreed / not",
                number(runs.bookChecksPassed()) + " / " + number(runs.bookChecksFailed()));
        if (runs.quarantined() > 0) {
            line(text, "frames in quarantine (kept, not understood)", number(runs.quarantined()));
        }
        channels(text);
        listed(text, "sessions", counts.sessions());
        listed(text, "gaps", counts.gaps());
        equations(text);
        text.append("\nlogs and data: ").append(dir).append('\n');
        text.append(agree() ? "All counts agree.\n" : "THE COUNTS DO NOT AGREE.\n");
        return text.toString();
    }

    /** One line. */
    String json() {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        ChannelCounts events = counts.events();
        root.put("frames", counts.received());
        if (counts.emitted().isPresent()) {
            root.put("emitted", counts.emitted().getAsLong());
        } else {
            root.putNull("emitted");
        }
        root.put("rest_snapshots", counts.of(Channel.BOOK_SNAPSHOTS).logged());
        root.put("trades", counts.of(Channel.TRADES).logged());
        root.put("quotes", counts.of(Channel.QUOTES).logged());
        root.put("depth", counts.of(Channel.BOOK_DELTAS).logged());
        root.put("logged", events.logged());
        root.put("kafka", events.kafka());
        root.put("duplicates_on_kafka", counts.kafkaRecords() - events.kafka());
        root.put("conflated", events.conflated());
        root.put("bars_logged", counts.barKeys());
        root.put("bars", counts.bars());
        root.put("bars_ohlcv", counts.barsOhlcv());
        root.put("segments", counts.segmentFiles());
        root.put("synced", counts.syncedFiles());
        root.put("lake_files", counts.sealedFiles());
        root.put("lake_rows", events.sealed());
        root.put("sql", counts.sqlRows());
        root.put("edge_rss_mb", edgePeakMegabytes);
        root.put("book_checks_ok", runs.bookChecksPassed());
        root.put("book_checks_failed", runs.bookChecksFailed());
        root.put("quarantined", runs.quarantined());
        root.put("gaps", counts.of(Channel.GAPS).logged());
        root.put("session_events", counts.of(Channel.SESSIONS).logged());
        root.put("agree", agree());
        ArrayNode equations = root.putArray("equations");
        for (Equation equation : Equations.of(counts)) {
            equations
                    .addObject()
                    .put("name", equation.name())
                    .put("left", equation.left())
                    .put("right", equation.right())
                    .put("ok", equation.ok());
        }
        ObjectNode channels = root.putObject("channels");
        counts.channels()
                .forEach((name, n) -> channels.putObject(name)
                        .put("decoded", n.decoded())
                        .put("logged", n.logged())
                        .put("segments", n.segments())
                        .put("raw", n.raw())
                        .put("sealed", n.sealed())
                        .put("kafka", n.kafka())
                        .put("conflated", n.conflated()));
        ObjectNode kinds = root.putObject("events_by_kind");
        for (Channel kind : Channel.values()) {
            kinds.put(kindName(kind), counts.of(kind).logged());
        }
        counts.gaps().forEach(root.putArray("gap_list")::add);
        counts.sessions().forEach(root.putArray("session_list")::add);
        root.put("dir", dir.toString());
        try {
            return mapper.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code book_snapshots}; bars built at the edge and those of the venue are two kinds here. */
    private static String kindName(Channel kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private void channels(StringBuilder text) {
        String row = "%n%-20s %12s %12s %12s %12s %12s %12s";
        text.append(String.format(
                Locale.ROOT, row, "channel", "decoded", "logged", "segments", "lake/raw", "sealed", "Kafka"));
        for (Map.Entry<String, ChannelCounts> entry : counts.channels().entrySet()) {
            ChannelCounts n = entry.getValue();
            boolean frames = entry.getKey().equals(Channel.FRAMES.label());
            text.append(String.format(
                    Locale.ROOT,
                    row,
                    entry.getKey(),
                    number(n.decoded()),
                    number(n.logged()),
                    number(n.segments()),
                    number(n.raw()),
                    frames ? "-" : number(n.sealed()),
                    frames ? "-" : number(n.kafka())));
        }
        text.append('\n');
    }

    private static void listed(StringBuilder text, String title, List<String> lines) {
        text.append('\n')
                .append(title)
                .append(": ")
                .append(lines.isEmpty() ? "none" : "")
                .append('\n');
        lines.stream()
                .limit(LISTED)
                .forEach(line -> text.append("  ").append(line).append('\n'));
        if (lines.size() > LISTED) {
            text.append("  … ").append(lines.size() - LISTED).append(" more (--json lists them)\n");
        }
    }

    private void equations(StringBuilder text) {
        text.append('\n');
        for (Equation equation : Equations.of(counts)) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-4s %-66s %12s %12s%n",
                    equation.ok() ? "ok" : "FAIL",
                    equation.name(),
                    number(equation.left()),
                    number(equation.right())));
        }
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-44s %s%n", name, value));
    }

    private static String repeats(long repeats) {
        return repeats == 0 ? "" : " (and " + number(repeats) + " repeats)";
    }

    private static String conflated(ChannelCounts events) {
        return events.conflated() == 0 ? "" : " (" + number(events.conflated()) + " conflated)";
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
