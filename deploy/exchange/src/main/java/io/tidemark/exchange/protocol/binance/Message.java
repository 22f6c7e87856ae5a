package io.tidemark.exchange.protocol.binance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.exchange.recording.MalformedException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What Binance spot sends, checked field by field (source: Binance spot API documentation,
 * {@code web-socket-streams.md} and {@code rest-api.md}; for futures see {@link Flavor}). Kinds not named there are taken as they are.
 */
sealed interface Message {
    /** A combined-stream frame: {@code {"stream":...,"data":{...}}}. */
    record Market(
            String stream,
            @Nullable String symbol,
            @Nullable DepthUpdate depth) implements Message {}

    /** The answer to {@code GET /api/v3/depth}. */
    record DepthSnapshot(long lastUpdateId, List<PriceLevel> bids, List<PriceLevel> asks) implements Message {}

    /** The answer to a SUBSCRIBE; stands in recordings, but is no market data. */
    record Acknowledgement() implements Message {}

    /** One {@code depthUpdate}: every level that changed from update id first to last; times in ms. */
    record DepthUpdate(
            String symbol,
            long firstId,
            long lastId,
            List<PriceLevel> bids,
            List<PriceLevel> asks,
            long eventMillis,
            long transactionMillis) {}

    JsonFactory JSON = new JsonFactory();

    static Message parse(String text, Flavor flavor) throws MalformedException {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedException("expected a JSON object, found " + begin(text));
            }
            Message message = object(parser, flavor);
            if (parser.nextToken() != null) {
                throw new MalformedException("something follows the JSON object");
            }
            return message;
        } catch (JsonProcessingException e) {
            throw new MalformedException("broken JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be read", e);
        }
    }

    private static Message object(JsonParser parser, Flavor flavor) throws IOException, MalformedException {
        @Nullable String stream = null;
        @Nullable Fields data = null;
        boolean dataList = false;
        boolean acknowledgement = false;
        @Nullable Long lastUpdateId = null;
        @Nullable List<PriceLevel> bids = null;
        @Nullable List<PriceLevel> asks = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("stream") && token == JsonToken.VALUE_STRING) {
                stream = parser.getText();
            } else if (name.equals("data") && token == JsonToken.START_OBJECT) {
                data = Fields.read(parser);
            } else if (name.equals("lastUpdateId") && token == JsonToken.VALUE_NUMBER_INT) {
                lastUpdateId = parser.getLongValue();
            } else if (name.equals("bids") && token == JsonToken.START_ARRAY) {
                bids = PriceLevel.read(parser);
            } else if (name.equals("asks") && token == JsonToken.START_ARRAY) {
                asks = PriceLevel.read(parser);
            } else {
                dataList |= name.equals("data") && token == JsonToken.START_ARRAY;
                acknowledgement |= name.equals("result") || name.equals("error");
                parser.skipChildren();
            }
        }
        if (stream != null && (data != null || dataList)) {
            return market(stream, data, flavor);
        }
        if (lastUpdateId != null) {
            if (bids == null || asks == null) {
                throw new MalformedException("a depth answer whose bids or asks are not lists of [price, quantity]");
            }
            return new DepthSnapshot(lastUpdateId, bids, asks);
        }
        if (acknowledgement) {
            return new Acknowledgement();
        }
        throw new MalformedException(
                stream == null
                        ? "neither a combined-stream frame {\"stream\":...,\"data\":...} nor a depth answer"
                        : "the frame of stream \"" + stream + "\" has no \"data\"");
    }

    private static Message market(String stream, @Nullable Fields data, Flavor flavor) throws MalformedException {
        if (!StreamName.isValid(stream)) {
            throw new MalformedException("\"" + stream + "\" is not a stream name");
        }
        String kind = StreamName.kind(stream);
        if (data == null) {
            return new Market(stream, null, null);
        }
        String symbol = data.textOrNull("s");
        if (symbol != null
                && !stream.startsWith("!")
                && !stream.toLowerCase(Locale.ROOT).startsWith(symbol.toLowerCase(Locale.ROOT) + "@")) {
            throw new MalformedException("the frame of stream \"" + stream + "\" speaks of symbol \"" + symbol + "\"");
        }
        try {
            return new Market(stream, symbol, checked(kind, data, flavor));
        } catch (MalformedException e) {
            throw new MalformedException("in a frame of stream \"" + stream + "\" " + e.reason());
        }
    }

    private static @Nullable DepthUpdate checked(String kind, Fields data, Flavor flavor) throws MalformedException {
        String event = data.textOrNull("e");
        if ("depthUpdate".equals(event)) {
            if (flavor == Flavor.SPOT && data.has("pu")) {
                throw new MalformedException("there is a \"pu\": it is a recording of USD-M futures, not of spot");
            }
            long made = data.number("E");
            long transaction = flavor == Flavor.USD_M ? data.number("T") : made;
            long first = data.number("U");
            return new DepthUpdate(
                    data.text("s"),
                    // Ids of futures jump; what pu names is followed without a hole.
                    flavor == Flavor.USD_M ? data.number("pu") + 1 : first,
                    data.number("u"),
                    data.levels("b"),
                    data.levels("a"),
                    made,
                    transaction);
        }
        switch (kind) {
            case "trade", "aggTrade" -> {
                data.text("s");
                data.number("E");
                data.number("T");
                data.number(kind.equals("trade") ? "t" : "a");
                data.decimal("p");
                data.decimal("q");
                data.flag("m");
            }
            case "bookTicker" -> {
                data.text("s");
                data.number("u");
                for (String name : List.of("b", "B", "a", "A")) {
                    data.decimal(name);
                }
            }
            case "markPrice" -> {
                data.text("s");
                data.number("E");
                data.decimal("p");
            }
            case "depth" -> throw new MalformedException("there is no depthUpdate");
            default -> {
                // Other kinds pass through unread.
            }
        }
        return null;
    }

    /** The payload of a combined-stream frame, cut out of its text so that not a byte changes. */
    static String data(String combined) {
        try (JsonParser parser = JSON.createParser(combined)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean data = parser.currentName().equals("data");
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                if (data) {
                    return combined.substring(
                            from, (int) parser.currentLocation().getCharOffset());
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not a combined-stream frame: " + begin(combined), e);
        }
        throw new IllegalArgumentException("no data in the frame " + begin(combined));
    }

    private static String begin(String text) {
        return text.isEmpty() ? "nothing" : "\"" + text.substring(0, Math.min(40, text.length())) + "\"";
    }
}
