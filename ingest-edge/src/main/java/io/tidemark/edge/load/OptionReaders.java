package io.tidemark.edge.load;

import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.OptionRight;
import io.tidemark.contracts.proto.OptionSnapshot;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.poll.Fields;
import io.tidemark.edge.poll.JsonRecords;
import io.tidemark.edge.poll.Numbers;
import io.tidemark.edge.poll.RecordSink;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Chains of options: Lean's daily universe files and Yahoo's answers. */
final class OptionReaders {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final Pattern DATED = Pattern.compile("(?:^|.*\\D)(\\d{8})\\D.*");
    private static final Pattern NAMED = Pattern.compile("([A-Za-z.]+)_\\d{8}\\..*");

    private OptionReaders() {}

    private static OptionSnapshot.Builder set(
            OptionSnapshot.Builder option,
            Function<ByteString, OptionSnapshot.Builder> setter,
            @Nullable ByteString value) {
        return value == null ? option : setter.apply(value);
    }

    /**
     * The chain as it stands at midnight, New York time, of the file's day; an expiry is midnight UTC of its day. Line
     * 2 is the underlying, whose closing price stands in each option.
     */
    static void leanUniverse(InputFile file, LoadOptions options, RecordSink sink)
            throws IOException, BadFrameException {
        LocalDate date = date(file, options);
        String symbol = symbol(file, options);
        long at =
                Fields.nanos(date.atStartOfDay(options.zone().orElse(NEW_YORK)).toInstant());
        Numbers numbers = new Numbers(options.rule());
        RecordSink.Target target = new RecordSink.Target(Channel.OPTIONS.label(), symbol, "");
        try (CsvLines lines = new CsvLines(file.open(), ',')) {
            List<String> header = lines.next();
            if (header == null || header.isEmpty() || !header.get(0).startsWith("#")) {
                throw new BadFrameException(Reason.MALFORMED, "line 1 is no header that begins with #");
            }
            Map<String, Integer> columns = new HashMap<>();
            for (int i = 0; i < header.size(); i++) {
                columns.put(header.get(i).replace("#", "").strip().toLowerCase(Locale.ROOT), i);
            }
            String underlyingPrice = null;
            for (List<String> line = lines.next(); line != null; line = lines.next()) {
                String position = "line " + lines.line();
                Map<String, String> fields = new HashMap<>();
                for (Map.Entry<String, Integer> column : columns.entrySet()) {
                    if (column.getValue() < line.size()
                            && !line.get(column.getValue()).isEmpty()) {
                        fields.put(column.getKey(), line.get(column.getValue()));
                    }
                }
                if (!fields.containsKey("expiry") && !fields.containsKey("strike")) {
                    underlyingPrice = fields.get("close");
                    continue;
                }
                numbers.begin();
                try {
                    sink.event(target, at, universeRow(fields, symbol, underlyingPrice, numbers));
                } catch (BadFrameException e) {
                    sink.bad(e, String.join(",", line), position);
                }
            }
        }
    }

    private static Envelope universeRow(
            Map<String, String> fields, String symbol, @Nullable String underlyingPrice, Numbers numbers)
            throws BadFrameException {
        LocalDate expiry = basicDay(Fields.required(fields, "expiry"), "expiry");
        OptionRight right = switch (Fields.required(fields, "right")) {
            case "C" -> OptionRight.OPTION_RIGHT_CALL;
            case "P" -> OptionRight.OPTION_RIGHT_PUT;
            default ->
                throw new BadFrameException(
                        Reason.UNKNOWN_TYPE, "right: \"" + fields.get("right") + "\" is neither C nor P");
        };
        ByteString strike = numbers.required(fields.get("strike"), "strike");
        BigDecimal tenThousandths = io.tidemark.contracts.event.Events.decimal(strike)
                .toBigDecimal()
                .movePointRight(4)
                .stripTrailingZeros();
        if (tenThousandths.scale() > 0 || tenThousandths.precision() > 12) {
            throw new BadFrameException(
                    Reason.NUMBER_OUT_OF_RANGE, "strike: " + fields.get("strike") + " has no contract's name");
        }
        OptionSnapshot.Builder option = OptionSnapshot.newBuilder()
                .setContract(LeanReader.occ(
                        symbol, expiry, right == OptionRight.OPTION_RIGHT_CALL, tenThousandths.longValueExact()))
                .setUnderlying(symbol)
                .setExpiry(Fields.midnight((int) expiry.toEpochDay()))
                .setStrike(strike)
                .setRight(right);
        set(option, option::setLastPrice, numbers.optional(fields.get("close"), "close"));
        set(option, option::setVolume, numbers.optional(fields.get("volume"), "volume"));
        set(option, option::setOpenInterest, numbers.optional(fields.get("open_interest"), "open_interest"));
        set(
                option,
                option::setImpliedVolatility,
                numbers.optional(fields.get("implied_volatility"), "implied_volatility"));
        set(option, option::setDelta, numbers.optional(fields.get("delta"), "delta"));
        set(option, option::setGamma, numbers.optional(fields.get("gamma"), "gamma"));
        set(option, option::setVega, numbers.optional(fields.get("vega"), "vega"));
        set(option, option::setTheta, numbers.optional(fields.get("theta"), "theta"));
        set(option, option::setRho, numbers.optional(fields.get("rho"), "rho"));
        set(option, option::setUnderlyingPrice, numbers.optional(underlyingPrice, "the underlying's close"));
        option.setRounded(numbers.rounded());
        return Envelope.newBuilder().setOption(option).build();
    }

    private static LocalDate basicDay(String text, String field) throws BadFrameException {
        try {
            return LocalDate.parse(text, DateTimeFormatter.BASIC_ISO_DATE);
        } catch (DateTimeException e) {
            throw new BadFrameException(Reason.MALFORMED, field + ": \"" + text + "\" is no day");
        }
    }

    private static LocalDate date(InputFile file, LoadOptions options) throws BadFrameException {
        if (!options.date().isEmpty()) {
            return LocalDate.ofEpochDay(Fields.day(options.date(), "--date"));
        }
        Matcher dated = DATED.matcher(file.name());
        if (!dated.matches()) {
            throw new BadFrameException(Reason.MISSING_FIELD, "the name holds no day; --date says which it is of");
        }
        return basicDay(dated.group(1), "the file's name");
    }

    private static String symbol(InputFile file, LoadOptions options) throws BadFrameException {
        if (!options.symbol().isEmpty()) {
            return options.symbol();
        }
        Matcher named = NAMED.matcher(file.name());
        if (!named.matches()) {
            throw new BadFrameException(Reason.MISSING_FIELD, "the name holds no symbol; --symbol says which it is");
        }
        return named.group(1).toUpperCase(Locale.ROOT);
    }

    /** {@code optionChain.result[]}: a quote of the underlying, whose time is the chain's, and lists of contracts. */
    static void yahoo(InputFile file, LoadOptions options, RecordSink sink) throws IOException, BadFrameException {
        Map<String, String> quote = new HashMap<>();
        try (JsonRecords json = JsonRecords.of(file.open())) {
            beginResult(json);
            if (json.find("quote")) {
                quote.putAll(json.object());
            }
        }
        try (JsonRecords json = JsonRecords.of(file.open())) {
            beginResult(json);
            if (!json.find("options")) {
                throw new BadFrameException(Reason.MISSING_FIELD, "optionChain.result has no options");
            }
            String symbol = options.symbol().isEmpty() ? Fields.required(quote, "symbol") : options.symbol();
            Yahoo chain = new Yahoo(symbol, quote, new Numbers(options.rule()), sink);
            for (JsonToken at = json.token(); at == JsonToken.START_OBJECT; at = json.token()) {
                for (JsonToken field = json.token(); field == JsonToken.FIELD_NAME; field = json.token()) {
                    String side = json.text();
                    JsonToken value = json.token();
                    if (value != JsonToken.START_ARRAY || !(side.equals("calls") || side.equals("puts"))) {
                        json.skip();
                        continue;
                    }
                    for (JsonToken one = json.token(); one == JsonToken.START_OBJECT; one = json.token()) {
                        String position = json.position();
                        chain.contract(json.object(), side.equals("calls"), position);
                    }
                }
            }
            while (json.token() != null) {
                json.skip();
            }
        }
    }

    private static void beginResult(JsonRecords json) throws IOException, BadFrameException {
        json.expect(JsonToken.START_OBJECT, "the answer");
        if (!json.find("optionChain") || !json.find("result")) {
            throw new BadFrameException(Reason.MISSING_FIELD, "optionChain.result is missing");
        }
        json.expect(JsonToken.START_OBJECT, "a chain");
    }

    private record Yahoo(String symbol, Map<String, String> quote, Numbers numbers, RecordSink sink) {
        private void contract(Map<String, String> fields, boolean call, String position) {
            numbers.begin();
            try {
                OptionSnapshot.Builder option = OptionSnapshot.newBuilder()
                        .setContract(Fields.required(fields, "contractSymbol"))
                        .setUnderlying(symbol)
                        .setExpiry(Fields.seconds(fields.get("expiration"), "expiration"))
                        .setStrike(numbers.required(fields.get("strike"), "strike"))
                        .setRight(call ? OptionRight.OPTION_RIGHT_CALL : OptionRight.OPTION_RIGHT_PUT);
                set(option, option::setBidPrice, numbers.optional(fields.get("bid"), "bid"));
                set(option, option::setAskPrice, numbers.optional(fields.get("ask"), "ask"));
                set(option, option::setLastPrice, numbers.optional(fields.get("lastPrice"), "lastPrice"));
                set(option, option::setVolume, numbers.optional(fields.get("volume"), "volume"));
                set(option, option::setOpenInterest, numbers.optional(fields.get("openInterest"), "openInterest"));
                set(
                        option,
                        option::setImpliedVolatility,
                        numbers.optional(fields.get("impliedVolatility"), "impliedVolatility"));
                set(
                        option,
                        option::setUnderlyingPrice,
                        numbers.optional(quote.get("regularMarketPrice"), "regularMarketPrice"));
                option.setRounded(numbers.rounded());
                long time = quote.containsKey("regularMarketTime")
                        ? Fields.seconds(quote.get("regularMarketTime"), "regularMarketTime")
                        : EventEncoder.ABSENT;
                sink.event(
                        new RecordSink.Target(Channel.OPTIONS.label(), symbol, ""),
                        time,
                        Envelope.newBuilder().setOption(option).build());
            } catch (BadFrameException e) {
                sink.bad(e, fields.toString(), position);
            }
        }
    }
}
