package io.tidemark.exchange.protocol.binance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.recording.Recording;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A recording's summary as {@code inspect} prints it. */
final class SummaryReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SummaryReport() {}

    static ObjectNode json(RecordingSummary summary) {
        ObjectNode json = JSON.createObjectNode();
        summary.files().forEach(file -> json.withArray("files").add(file.file().toString()));
        json.put("lines", summary.lines());
        json.put("frames", summary.frames());
        byKind(summary).forEach(json.putObject("by_stream")::put);
        summary.byStream().forEach(json.putObject("streams")::put);
        summary.symbols().forEach(json.putArray("symbols")::add);
        summary.depthAnswers().forEach(json.putObject("depth_answers")::put);
        json.put("other_answers", summary.otherAnswers());
        json.put("acknowledgements", summary.acknowledgements());
        summary.depthHoles().forEach(json.putObject("depth_holes")::put);
        json.put("first_receipt", instant(summary.firstNanos()));
        json.put("last_receipt", instant(summary.lastNanos()));
        json.put("first_receipt_ns", summary.firstNanos());
        json.put("last_receipt_ns", summary.lastNanos());
        return json;
    }

    static String text(RecordingSummary summary) {
        StringBuilder text = new StringBuilder();
        for (Recording file : summary.files()) {
            row(text, "file", file.file().toString());
        }
        row(text, "first receipt", instant(summary.firstNanos()));
        row(text, "last receipt", instant(summary.lastNanos()));
        row(text, "symbols", String.join(", ", summary.symbols()));
        row(text, "WebSocket frames", count(summary.frames()));
        byKind(summary).forEach((kind, frames) -> row(text, "  " + kind, count(frames)));
        text.append('\n');
        summary.byStream().forEach((stream, frames) -> row(text, stream, count(frames)));
        text.append('\n');
        summary.depthAnswers().forEach((symbol, answers) -> row(text, "REST depth " + symbol, count(answers)));
        row(text, "other REST answers", count(summary.otherAnswers()));
        row(text, "acknowledgements", count(summary.acknowledgements()));
        summary.depthHoles().forEach((symbol, holes) -> row(text, "depth holes " + symbol, count(holes)));
        return text.toString();
    }

    private static Map<String, Long> byKind(RecordingSummary summary) {
        Map<String, Long> kinds = new TreeMap<>();
        summary.byStream().forEach((stream, frames) -> kinds.merge(StreamName.kind(stream), frames, Long::sum));
        return kinds;
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-28s %s%n", name, value));
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String instant(@Nullable Long nanos) {
        return nanos == null
                ? "none"
                : Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000)
                        .toString();
    }
}
