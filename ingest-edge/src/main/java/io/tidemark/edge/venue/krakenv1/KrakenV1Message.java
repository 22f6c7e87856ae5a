package io.tidemark.edge.venue.krakenv1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.LevelList;
import io.tidemark.contracts.proto.Side;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.message.Json;
import io.tidemark.edge.message.Numbers;
import io.tidemark.edge.message.SymbolTable;
import io.tidemark.edge.message.Times;
import io.tidemark.edge.message.Values;
import io.tidemark.edge.venue.TradeList;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One message of the socket, parsed whole before anything of it is recorded. Reused.
 *
 * <p>Data messages are lists whose channel and pair stand last, so what stands in front is read by its shape.
 */
final class KrakenV1Message {
    enum Kind {
        /** An object: heartbeat, status, acknowledgement. */
        EVENT,
        TRADE,
        SPREAD,
        TICKER,
        BOOK,
        OHLC
    }

    /** Where the values of a ticker stand in {@link #values}; each list holds today's first, then that of 24 hours. */
    static final int ASK = 0;

    static final int BID = 3;
    static final int CLOSE = 6;
    static final int VOLUME = 9;
    static final int LOW = 12;
    static final int HIGH = 15;
    static final int OPEN = 18;
    private static final int VALUES_PER_FIELD = 3;

    final TradeList trades = new TradeList();
    final LevelList bids = new LevelList();
    final LevelList asks = new LevelList();
    /** Of a spread, a candle or a ticker. */
    final Values values = new Values(21);

    Kind kind = Kind.EVENT;

    @Nullable
    Symbol symbol;

    boolean snapshot;
    long checksum;
    /** The newest time of the levels that are new, or {@code ABSENT}. */
    long newest;
    /** Of a book; minutes of a candle. */
    int parameter;

    String event = "";
    String error = "";

    private final Decimal38 price = new Decimal38();
    private final Decimal38 size = new Decimal38();
    private final Json.Body body = this::read;
    private SymbolTable<Symbol> symbols;
    private boolean hasLevels;
    private boolean hasTicker;
    private boolean hasTrades;
    private int plainValues;

    KrakenV1Message(SymbolTable<Symbol> symbols) {
        this.symbols = symbols;
    }

    void parse(byte[] bytes, int offset, int length, SymbolTable<Symbol> table) throws BadFrameException {
        symbols = table;
        clear();
        Json.parse(bytes, offset, length, body);
    }

    private void clear() {
        trades.clear();
        bids.clear();
        asks.clear();
        values.clear();
        symbol = null;
        snapshot = false;
        checksum = EventEncoder.ABSENT;
        newest = EventEncoder.ABSENT;
        parameter = 0;
        event = "";
        error = "";
        hasLevels = false;
        hasTicker = false;
        hasTrades = false;
        plainValues = 0;
    }

    private void read(JsonParser json) throws IOException, BadFrameException {
        if (json.currentToken() == JsonToken.START_OBJECT) {
            kind = Kind.EVENT;
            event(json);
        } else if (json.currentToken() == JsonToken.START_ARRAY) {
            data(json);
        } else {
            throw new BadFrameException(Reason.MALFORMED, "neither an object nor a list");
        }
    }

    private void event(JsonParser json) throws IOException, BadFrameException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "event" -> event = Json.text(name, json);
                case "errorMessage" -> error = Json.shown(json);
                case "status" -> {
                    if (Json.is(json, "error") && error.isEmpty()) {
                        error = "error";
                    }
                }
                default -> json.skipChildren();
            }
        }
        if (event.equals("error") && error.isEmpty()) {
            error = "error";
        }
    }

    private void data(JsonParser json) throws IOException, BadFrameException {
        if (!json.nextToken().isNumeric()) {
            throw new BadFrameException(Reason.MALFORMED, "a list that does not begin with a channel's number");
        }
        JsonToken token = json.nextToken();
        for (; token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY; token = json.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                fields(json);
            } else {
                list(json);
            }
        }
        channel(json);
        json.nextToken();
        symbol = Json.symbol("pair", json, symbols);
        if (json.nextToken() != JsonToken.END_ARRAY) {
            throw new BadFrameException(Reason.MALFORMED, "more behind the pair");
        }
    }

    private void fields(JsonParser json) throws IOException, BadFrameException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (token != JsonToken.START_ARRAY) {
                if (name.equals("c")) {
                    checksum = Numbers.whole("c", json);
                } else {
                    json.skipChildren();
                }
                continue;
            }
            switch (name) {
                case "as" -> {
                    snapshot = true;
                    json.nextToken();
                    levels(json, asks);
                }
                case "bs" -> {
                    snapshot = true;
                    json.nextToken();
                    levels(json, bids);
                }
                case "a" -> levelsOrValues(json, asks, ASK);
                case "b" -> levelsOrValues(json, bids, BID);
                case "c" -> tickerValues(json, CLOSE);
                case "v" -> tickerValues(json, VOLUME);
                case "l" -> tickerValues(json, LOW);
                case "h" -> tickerValues(json, HIGH);
                case "o" -> tickerValues(json, OPEN);
                default -> json.skipChildren();
            }
        }
    }

    private void levelsOrValues(JsonParser json, LevelList target, int place) throws IOException, BadFrameException {
        JsonToken token = json.nextToken();
        if (token == JsonToken.START_ARRAY || token == JsonToken.END_ARRAY) {
            levels(json, target);
        } else {
            takeAll(json, place);
        }
    }

    private void tickerValues(JsonParser json, int place) throws IOException, BadFrameException {
        json.nextToken();
        takeAll(json, place);
    }

    private void takeAll(JsonParser json, int from) throws IOException, BadFrameException {
        hasTicker = true;
        int place = from;
        for (JsonToken token = json.currentToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == null) {
                throw new BadFrameException(Reason.MALFORMED, "a list does not end");
            }
            if (place < from + VALUES_PER_FIELD) {
                values.take(place++, json);
            } else {
                json.skipChildren();
            }
        }
    }

    /** {@code [["price","size","time"],...]}; a level that is only told again has an "r" as a fourth element. */
    private void levels(JsonParser json, LevelList target) throws IOException, BadFrameException {
        hasLevels = true;
        JsonToken token = json.currentToken();
        while (token == JsonToken.START_ARRAY) {
            json.nextToken();
            Numbers.read("price of a level", json, price);
            json.nextToken();
            Numbers.read("size of a level", json, size);
            json.nextToken();
            long time = Times.seconds("time of a level", json);
            boolean again = false;
            for (token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                if (token == null) {
                    throw new BadFrameException(Reason.MALFORMED, "a level does not end");
                }
                again |= Json.is(json, "r");
                json.skipChildren();
            }
            if (!again) {
                newest = Math.max(newest, time);
            }
            target.add(price, size);
            token = json.nextToken();
        }
        if (token != JsonToken.END_ARRAY) {
            throw new BadFrameException(Reason.MALFORMED, "a level is no list");
        }
    }

    /** Trades are a list of lists; a spread and a candle are lists of values. */
    private void list(JsonParser json) throws IOException, BadFrameException {
        JsonToken token = json.nextToken();
        if (token == JsonToken.START_ARRAY) {
            hasTrades = true;
            for (; token == JsonToken.START_ARRAY; token = json.nextToken()) {
                trade(json);
            }
            if (token != JsonToken.END_ARRAY) {
                throw new BadFrameException(Reason.MALFORMED, "a trade is no list");
            }
            return;
        }
        for (; token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == null) {
                throw new BadFrameException(Reason.MALFORMED, "a list does not end");
            }
            if (plainValues < values.places()) {
                values.take(plainValues++, json);
            } else {
                json.skipChildren();
            }
        }
    }

    /** {@code ["price","size","time","b or s","m or l",""]}. */
    private void trade(JsonParser json) throws IOException, BadFrameException {
        TradeList.Entry trade = trades.add();
        json.nextToken();
        Numbers.read("price", json, trade.price);
        json.nextToken();
        Numbers.read("volume", json, trade.size);
        json.nextToken();
        trade.time = Times.seconds("time", json);
        json.nextToken();
        if (Json.is(json, "b")) {
            trade.side = Side.SIDE_BUY;
        } else if (Json.is(json, "s")) {
            trade.side = Side.SIDE_SELL;
        } else {
            throw new BadFrameException(Reason.MISSING_FIELD, "a trade without side");
        }
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == null) {
                throw new BadFrameException(Reason.MALFORMED, "a trade does not end");
            }
            json.skipChildren();
        }
    }

    private void channel(JsonParser json) throws IOException, BadFrameException {
        if (Json.is(json, "trade")) {
            kind = shaped(Kind.TRADE, hasTrades, json);
        } else if (Json.is(json, "spread")) {
            kind = shaped(Kind.SPREAD, plainValues > 0, json);
        } else if (Json.is(json, "ticker")) {
            kind = shaped(Kind.TICKER, hasTicker, json);
        } else if (begins(json, "book-")) {
            kind = shaped(Kind.BOOK, hasLevels, json);
            parameter = number(json, "book-".length());
        } else if (begins(json, KrakenV1.OHLC)) {
            kind = shaped(Kind.OHLC, plainValues > 0, json);
            parameter = number(json, KrakenV1.OHLC.length());
        } else {
            throw new BadFrameException(Reason.UNKNOWN_TYPE, "channel " + Json.shown(json));
        }
    }

    private static Kind shaped(Kind kind, boolean fits, JsonParser json) throws IOException, BadFrameException {
        if (!fits) {
            throw new BadFrameException(Reason.MALFORMED, "not what channel " + Json.shown(json) + " looks like");
        }
        return kind;
    }

    private static boolean begins(JsonParser json, String start) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING || json.getTextLength() < start.length()) {
            return false;
        }
        char[] text = json.getTextCharacters();
        int from = json.getTextOffset();
        for (int i = 0; i < start.length(); i++) {
            if (text[from + i] != start.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int number(JsonParser json, int skip) throws IOException, BadFrameException {
        long number = Numbers.whole(
                "channel", json.getTextCharacters(), json.getTextOffset() + skip, json.getTextLength() - skip);
        if (number < 1 || number > 100_000) {
            throw new BadFrameException(Reason.UNKNOWN_TYPE, "channel " + Json.shown(json));
        }
        return (int) number;
    }
}
