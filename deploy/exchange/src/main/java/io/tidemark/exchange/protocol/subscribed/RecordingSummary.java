package io.tidemark.exchange.protocol.subscribed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.recording.Recording;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a look through all lines of a recording found.
 *
 * @param lines lines of any kind that hold something
 * @param frames WebSocket frames, all of which are emitted
 * @param bookChecksOk book frames whose checksum fits the book
 * @param bookChecksFailed book frames whose checksum does not fit
 */
record RecordingSummary(
        List<Recording> files,
        long lines,
        long frames,
        SortedMap<String, Long> byKind,
        SortedMap<String, Long> byStream,
        List<String> symbols,
        long otherAnswers,
        long connections,
        long bookChecksOk,
        long bookChecksFailed,
        @Nullable Long firstNanos,
        @Nullable Long lastNanos) {
    private static final ObjectMapper JSON = new ObjectMapper();

    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        files.forEach(file -> json.withArray("files").add(file.file().toString()));
        json.put("lines", lines);
        json.put("frames", frames);
        byKind.forEach(json.putObject("by_stream")::put);
        byStream.forEach(json.putObject("streams")::put);
        symbols.forEach(json.putArray("symbols")::add);
        json.put("other_answers", otherAnswers);
        json.put("connections", connections);
        json.put("book_checks_ok", bookChecksOk);
        json.put("book_checks_failed", bookChecksFailed);
        json.put("first_receipt", instant(firstNanos));
        json.put("last_receipt", instant(lastNanos));
        json.put("first_receipt_ns", firstNanos);
        json.put("last_receipt_ns", lastNanos);
        return json;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        files.forEach(file -> row(text, "file", file.file().toString()));
        row(text, "first receipt", instant(firstNanos));
        row(text, "last receipt", instant(lastNanos));
        row(text, "symbols", String.join(", ", symbols));
        row(text, "connections", count(connections));
        row(text, "WebSocket frames", count(frames));
        rows(text, byKind);
        text.append('\n');
        rows(text, byStream);
        text.append('\n');
        row(text, "REST answers", count(otherAnswers));
        row(text, "book checksums right", count(bookChecksOk));
        row(text, "book checksums wrong", count(bookChecksFailed));
        return text.toString();
    }

    private static void rows(StringBuilder text, Map<String, Long> counts) {
        counts.forEach((name, count) -> row(text, "  " + name, count(count)));
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
