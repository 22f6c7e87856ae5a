package io.tidemark.edge.load;

import com.google.protobuf.ByteString;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.poll.Fields;
import io.tidemark.edge.poll.Numbers;
import io.tidemark.edge.poll.RecordSink;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Lean's minute, second and daily zips: a CSV without a header per instrument.
 *
 * <p>Six columns are trade bars; eleven are quote bars, which become a bar of each side with the vendors
 * {@code <vendor>-bid} and {@code <vendor>-ask}. Equities and options have prices in 1/10,000 dollar and times of New
 * York; options are named as OCC does (AAPL150117C01000000). See lean.io/docs/v2/lean-engine/class-reference.
 */
final class LeanReader {
    private static final Pattern ENTRY = Pattern.compile("(\\d{8})_(.+?)_(minute|second)_(trade|quote)(?:_.*)?\\.csv");
    private static final Pattern CONTRACT = Pattern.compile(".*_(call|put)_(\\d+)_(\\d{8})\\.csv");
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter DAY_AND_TIME = DateTimeFormatter.ofPattern("yyyyMMdd HH:mm", Locale.ROOT);
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    /** 1/10,000 dollar. */
    private static final int DECI_CENTS = 4;

    private static final int TRADE_COLUMNS = 6;
    private static final int QUOTE_COLUMNS = 11;

    private final LoadOptions options;
    private final Numbers numbers;
    private final RecordSink sink;
    private final ZoneId zone;
    private final int places;

    private LeanReader(LoadOptions options, RecordSink sink) {
        this.options = options;
        this.numbers = new Numbers(options.rule());
        this.sink = sink;
        boolean crypto = options.format() == LoadFormat.LEAN_CRYPTO;
        this.zone = options.zone().orElse(crypto ? ZoneOffset.UTC : NEW_YORK);
        this.places = crypto ? 0 : DECI_CENTS;
    }

    static void read(InputFile file, LoadOptions options, RecordSink sink) throws IOException, BadFrameException {
        LeanReader reader = new LeanReader(options, sink);
        int entries = 0;
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file.path()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    entries++;
                    reader.entry(entry.getName(), unclosed(zip));
                }
            }
        } catch (ZipException e) {
            throw new BadFrameException(Reason.MALFORMED, "the zip is damaged: " + e.getMessage());
        }
        if (entries == 0) {
            throw new BadFrameException(Reason.MALFORMED, "it is no zip, or an empty one");
        }
    }

    private static InputStream unclosed(ZipInputStream zip) {
        return new FilterInputStream(zip) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return in.read(bytes, offset, length);
            }

            @Override
            public void close() {
                // The next entry follows.
            }
        };
    }

    private void entry(String name, InputStream text) throws IOException, BadFrameException {
        Matcher intraday = ENTRY.matcher(name);
        LocalDate date = null;
        String timeframe = "1d";
        String symbol = options.symbol();
        if (intraday.matches()) {
            date = day(intraday.group(1), name);
            timeframe = intraday.group(3).equals("minute") ? "1m" : "1s";
            if (symbol.isEmpty()) {
                symbol = intraday.group(2).toUpperCase(Locale.ROOT);
            }
        } else if (symbol.isEmpty()) {
            symbol = name.replaceFirst("\\.csv$", "").toUpperCase(Locale.ROOT);
        }
        if (options.format() == LoadFormat.LEAN_OPTION) {
            symbol = occ(symbol, name);
        }
        if (!options.timeframe().isEmpty() && !options.timeframe().equals(timeframe)) {
            throw new BadFrameException(
                    Reason.MALFORMED, name + " holds bars of " + timeframe + ", not " + options.timeframe());
        }
        RecordSink.Target target = new RecordSink.Target(Channel.bars(timeframe), symbol, "");
        CsvLines lines = new CsvLines(text, ',');
        for (List<String> line = lines.next(); line != null; line = lines.next()) {
            row(target, timeframe, date, line, name + ", line " + lines.line());
        }
    }

    private static LocalDate day(String text, String name) throws BadFrameException {
        try {
            return LocalDate.parse(text, DAY);
        } catch (DateTimeException e) {
            throw new BadFrameException(Reason.MALFORMED, name + ": " + text + " is no day");
        }
    }

    private static String occ(String root, String name) throws BadFrameException {
        Matcher contract = CONTRACT.matcher(name);
        if (!contract.matches()) {
            throw new BadFrameException(Reason.MALFORMED, name + " names no option contract");
        }
        long strike = Long.parseLong(contract.group(2));
        return occ(root, day(contract.group(3), name), contract.group(1).equals("call"), strike);
    }

    /** {@code strike} in 1/10,000 dollar. */
    static String occ(String root, LocalDate expiry, boolean call, long strike) throws BadFrameException {
        if (strike % 10 != 0 || strike / 10 > 99_999_999) {
            throw new BadFrameException(
                    Reason.NUMBER_OUT_OF_RANGE, "a strike of " + strike + "/10000 has no contract's name");
        }
        return String.format(
                "%s%s%s%08d",
                root, DateTimeFormatter.ofPattern("yyMMdd").format(expiry), call ? "C" : "P", strike / 10);
    }

    private void row(
            RecordSink.Target target, String timeframe, @Nullable LocalDate date, List<String> row, String position) {
        try {
            if (row.size() != TRADE_COLUMNS && row.size() != QUOTE_COLUMNS) {
                throw new BadFrameException(Reason.MISSING_FIELD, "a row of " + row.size() + " fields, not 6 or 11");
            }
            long open = time(row.get(0), date);
            List<Envelope> bars = new ArrayList<>();
            if (row.size() == TRADE_COLUMNS) {
                bars.add(bar(timeframe, open, row, 1, options.vendor()));
            } else {
                if (!row.get(1).isEmpty()) {
                    bars.add(bar(timeframe, open, row, 1, options.vendor() + "-bid"));
                }
                if (!row.get(6).isEmpty()) {
                    bars.add(bar(timeframe, open, row, 6, options.vendor() + "-ask"));
                }
            }
            // Both sides of a row or none of it.
            for (Envelope bar : bars) {
                sink.event(target, open, bar);
            }
        } catch (BadFrameException e) {
            sink.bad(e, String.join(",", row), position);
        }
    }

    private Envelope bar(String timeframe, long open, List<String> row, int first, String vendor)
            throws BadFrameException {
        numbers.begin();
        Bar.Builder bar = Bar.newBuilder()
                .setTimeframe(timeframe)
                .setOpenTime(open)
                .setOpen(price(row.get(first), "open"))
                .setHigh(price(row.get(first + 1), "high"))
                .setLow(price(row.get(first + 2), "low"))
                .setClose(price(row.get(first + 3), "close"))
                .setVolume(numbers.required(row.get(first + 4), "volume"))
                .setComplete(true)
                .setVendor(vendor);
        bar.setRounded(numbers.rounded());
        return Envelope.newBuilder().setBar(bar).build();
    }

    private ByteString price(String text, String field) throws BadFrameException {
        ByteString price = numbers.scaled(text, field, places);
        if (price == null) {
            throw new BadFrameException(Reason.MISSING_FIELD, field + " is missing");
        }
        return price;
    }

    private long time(String text, @Nullable LocalDate date) throws BadFrameException {
        LocalDateTime local;
        if (date == null) {
            try {
                local = LocalDateTime.parse(text, DAY_AND_TIME);
            } catch (DateTimeException e) {
                throw new BadFrameException(Reason.MALFORMED, "time: \"" + text + "\" is no day and time");
            }
        } else {
            long millis = Fields.whole(text, "time");
            if (millis < 0 || millis >= 86_400_000L) {
                throw new BadFrameException(Reason.NUMBER_OUT_OF_RANGE, "time: " + text + " ms are not within a day");
            }
            local = date.atTime(LocalTime.ofNanoOfDay(millis * 1_000_000L));
        }
        Instant moment = Times.at(local, zone, "time", local.toString());
        return Times.nanos(moment, text, "time");
    }
}
