package io.tidemark.edge.load;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.poll.Fields;
import io.tidemark.edge.poll.Numbers;
import io.tidemark.edge.poll.RecordSink;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Bars from rows of texts, by a map of columns. */
final class BarRows {
    private static final Map<String, List<String>> USUAL = Map.of(
            "time", List.of("time", "timestamp", "date", "datetime", "open_time", "ts"),
            "open", List.of("open", "o"),
            "high", List.of("high", "h"),
            "low", List.of("low", "l"),
            "close", List.of("close", "c"),
            "volume", List.of("volume", "vol", "v"),
            "trades", List.of("trades", "trade_count", "count"),
            "quote-volume", List.of("quote_volume"));
    private static final Set<String> NEEDED = Set.of("time", "open", "high", "low", "close", "volume");
    private static final List<String> BY_POSITION = List.of("time", "open", "high", "low", "close", "volume");

    private final LoadOptions options;
    private final Numbers numbers;
    private final Times times;
    private final RecordSink.Target target;
    private final Map<String, Integer> columns = new HashMap<>();

    /** {@code names}: the columns' names; null where there are none. Throws for a map that does not fit. */
    BarRows(LoadOptions options, @Nullable List<String> names) throws BadFrameException {
        this.options = options;
        this.numbers = new Numbers(options.rule());
        this.times = new Times(
                options.timeUnit(), options.timeFormat(), options.zone().orElse(ZoneOffset.UTC));
        this.target = new RecordSink.Target(Channel.bars(options.timeframe()), options.symbol(), "");
        for (String field : USUAL.keySet()) {
            String wanted = options.map().get(field);
            int column = wanted == null ? usual(field, names) : named(wanted, names);
            if (column >= 0) {
                columns.put(field, column);
            } else if (wanted != null || NEEDED.contains(field)) {
                throw new BadFrameException(
                        Reason.MISSING_FIELD,
                        "there is no column " + (wanted == null ? "for " + field : "\"" + wanted + "\" for " + field)
                                + (names == null ? "" : "; there are " + String.join(", ", names))
                                + "; --map " + field + "=COLUMN names it");
            }
        }
    }

    /** Whether the options may name such a field. */
    static boolean isField(String field) {
        return USUAL.containsKey(field);
    }

    private static int usual(String field, @Nullable List<String> names) {
        if (names == null) {
            return BY_POSITION.indexOf(field);
        }
        for (String usual : USUAL.getOrDefault(field, List.of())) {
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).strip().toLowerCase(Locale.ROOT).equals(usual)) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static int named(String wanted, @Nullable List<String> names) {
        int named = names == null ? -1 : names.indexOf(wanted);
        if (named >= 0) {
            return named;
        }
        return wanted.matches("[0-9]{1,3}") ? Integer.parseInt(wanted) : -1;
    }

    void row(List<? extends @Nullable String> row, String position, RecordSink sink) {
        numbers.begin();
        try {
            long open = times.parse(cell(row, "time"), "time");
            Bar.Builder bar = Bar.newBuilder()
                    .setTimeframe(options.timeframe())
                    .setOpenTime(open)
                    .setOpen(numbers.required(cell(row, "open"), "open"))
                    .setHigh(numbers.required(cell(row, "high"), "high"))
                    .setLow(numbers.required(cell(row, "low"), "low"))
                    .setClose(numbers.required(cell(row, "close"), "close"))
                    .setVolume(numbers.required(cell(row, "volume"), "volume"))
                    .setComplete(true)
                    .setVendor(options.vendor());
            if (columns.containsKey("trades")) {
                bar.setTradeCount(Fields.whole(cell(row, "trades"), "trades"));
            }
            com.google.protobuf.ByteString quoteVolume = columns.containsKey("quote-volume")
                    ? numbers.optional(cell(row, "quote-volume"), "quote-volume")
                    : null;
            if (quoteVolume != null) {
                bar.setQuoteVolume(quoteVolume);
            }
            bar.setRounded(numbers.rounded());
            sink.event(target, open, Envelope.newBuilder().setBar(bar).build());
        } catch (BadFrameException e) {
            sink.bad(e, String.join(",", row.stream().map(String::valueOf).toList()), position);
        }
    }

    private @Nullable String cell(List<? extends @Nullable String> row, String field) throws BadFrameException {
        int column = columns.getOrDefault(field, -1);
        if (column < 0 || column >= row.size()) {
            throw new BadFrameException(
                    Reason.MISSING_FIELD, field + " is missing: the row has " + row.size() + " fields");
        }
        String text = row.get(column);
        return text == null ? null : text.strip();
    }
}
