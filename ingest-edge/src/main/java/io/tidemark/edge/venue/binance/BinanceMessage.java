package io.tidemark.edge.venue.binance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.LevelList;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.message.Numbers;
import java.io.IOException;

/**
 * One message of a Binance socket or one depth answer, parsed whole before anything of it is recorded.
 *
 * <p>Reused; one thread. Takes the combined form {@code {"stream","data"}} and the raw one, in any order of
 * fields. The formats are those of the public "web-socket-streams" and "rest-api" documents.
 */
final class BinanceMessage {
    private static final JsonFactory JSON = new JsonFactory();

    final Fields fields = new Fields();
    /** Of the candle within a kline message. */
    final Fields candle = new Fields();

    final LevelList bids = new LevelList();
    final LevelList asks = new LevelList();
    boolean hasBids;
    boolean hasAsks;
    boolean hasCandle;
    /** An answer to a subscription: neither stream nor event. */
    boolean answer;

    String stream = "";
    long lastUpdateId;
    /** {@code pu} of a future's change of depth: the {@code u} of the one before it. */
    long previousId;

    private final Decimal38 price = new Decimal38();
    private final Decimal38 size = new Decimal38();

    void parse(byte[] bytes, int offset, int length) throws BadFrameException {
        clear();
        try (JsonParser json = JSON.createParser(bytes, offset, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new BadFrameException(Reason.MALFORMED, "not a JSON object");
            }
            object(json, true);
            if (json.nextToken() != null) {
                throw new BadFrameException(Reason.MALFORMED, "text behind the JSON object");
            }
        } catch (IOException e) {
            throw new BadFrameException(Reason.MALFORMED, firstLine(e));
        }
    }

    private void clear() {
        fields.clear();
        candle.clear();
        bids.clear();
        asks.clear();
        hasBids = false;
        hasAsks = false;
        hasCandle = false;
        answer = false;
        stream = "";
        lastUpdateId = EventEncoder.ABSENT;
        previousId = EventEncoder.ABSENT;
    }

    private static String firstLine(IOException e) {
        String message = String.valueOf(e.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private void object(JsonParser json, boolean outermost) throws IOException, BadFrameException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (outermost && name.equals("stream") && token == JsonToken.VALUE_STRING) {
                stream = json.getText();
            } else if (outermost && name.equals("data") && token == JsonToken.START_OBJECT) {
                object(json, false);
            } else if (outermost && (name.equals("result") || name.equals("error"))) {
                answer = true;
                json.skipChildren();
            } else {
                field(name, token, json);
            }
        }
        if (json.currentToken() != JsonToken.END_OBJECT) {
            throw new BadFrameException(Reason.MALFORMED, "the JSON object does not end");
        }
    }

    private void field(String name, JsonToken token, JsonParser json) throws IOException, BadFrameException {
        switch (name) {
            case "lastUpdateId" -> {
                if (token != JsonToken.VALUE_NUMBER_INT) {
                    throw new BadFrameException(Reason.MISSING_FIELD, "lastUpdateId is no number");
                }
                lastUpdateId = json.getLongValue();
            }
            case "pu" -> previousId = Numbers.whole("pu", json);
            case "b", "bids" -> {
                if (token == JsonToken.START_ARRAY) {
                    hasBids = true;
                    levels(json, bids);
                } else {
                    fields.take(name, json);
                }
            }
            case "a", "asks" -> {
                if (token == JsonToken.START_ARRAY) {
                    hasAsks = true;
                    levels(json, asks);
                } else {
                    fields.take(name, json);
                }
            }
            case "k" -> {
                if (token == JsonToken.START_OBJECT) {
                    hasCandle = true;
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String inner = json.currentName();
                        json.nextToken();
                        candle.take(inner, json);
                    }
                } else {
                    fields.take(name, json);
                }
            }
            default -> fields.take(name, json);
        }
    }

    /** {@code [["price","size"],...]}; older messages have an empty list as a third element. */
    private void levels(JsonParser json, LevelList target) throws IOException, BadFrameException {
        target.clear();
        JsonToken token = json.nextToken();
        while (token == JsonToken.START_ARRAY) {
            json.nextToken();
            Numbers.read("price of a level", json, price);
            json.nextToken();
            Numbers.read("size of a level", json, size);
            target.add(price, size);
            for (token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                if (token == null) {
                    throw new BadFrameException(Reason.MALFORMED, "a level does not end");
                }
                json.skipChildren();
            }
            token = json.nextToken();
        }
        if (token != JsonToken.END_ARRAY) {
            throw new BadFrameException(Reason.MALFORMED, "a level is no list");
        }
    }
}
