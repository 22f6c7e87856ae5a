package io.tidemark.edge.venue.coinbase;

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
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One message of the socket, parsed whole before anything of it is recorded. Reused. */
final class CoinbaseMessage {
    enum Kind {
        NONE,
        MATCH,
        LAST_MATCH,
        TICKER,
        SNAPSHOT,
        CHANGES,
        /** Acknowledgements and heartbeats: nothing comes of them. */
        NOTICE,
        ERROR
    }

    static final int PRICE = 0;
    static final int SIZE = 1;
    static final int BID = 2;
    static final int BID_SIZE = 3;
    static final int ASK = 4;
    static final int ASK_SIZE = 5;
    static final int OPEN = 6;
    static final int HIGH = 7;
    static final int LOW = 8;
    static final int VOLUME = 9;

    final Values values = new Values(10);
    final LevelList bids = new LevelList();
    final LevelList asks = new LevelList();
    Kind kind = Kind.NONE;

    @Nullable
    Symbol symbol;

    long time;
    long tradeId;
    /** As it stands in the message. */
    Side side = Side.SIDE_UNKNOWN;

    String error = "";
    private boolean hasBids;
    private boolean hasAsks;
    private boolean hasChanges;
    private String unknown = "";

    private final Decimal38 price = new Decimal38();
    private final Decimal38 size = new Decimal38();
    private final Json.Body body = this::read;
    private SymbolTable<Symbol> symbols;

    CoinbaseMessage(SymbolTable<Symbol> symbols) {
        this.symbols = symbols;
    }

    void parse(byte[] bytes, int offset, int length, SymbolTable<Symbol> table) throws BadFrameException {
        symbols = table;
        values.clear();
        bids.clear();
        asks.clear();
        kind = Kind.NONE;
        symbol = null;
        time = EventEncoder.ABSENT;
        tradeId = EventEncoder.ABSENT;
        side = Side.SIDE_UNKNOWN;
        error = "";
        hasBids = false;
        hasAsks = false;
        hasChanges = false;
        unknown = "";
        Json.parse(bytes, offset, length, body);
        if (kind == Kind.NONE) {
            throw new BadFrameException(Reason.UNKNOWN_TYPE, "message type " + unknown);
        }
        boolean whole = switch (kind) {
            case MATCH, LAST_MATCH ->
                symbol != null
                        && time != EventEncoder.ABSENT
                        && tradeId != EventEncoder.ABSENT
                        && side != Side.SIDE_UNKNOWN;
            case TICKER -> symbol != null;
            case SNAPSHOT -> symbol != null && hasBids && hasAsks;
            case CHANGES -> symbol != null && hasChanges;
            case NONE, NOTICE, ERROR -> true;
        };
        if (!whole) {
            throw new BadFrameException(Reason.MISSING_FIELD, "a field is missing in a message of kind " + kind);
        }
    }

    private void read(JsonParser json) throws IOException, BadFrameException {
        Json.expect("message", json, JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "type" -> type(json);
                case "product_id" -> symbol = Json.symbol(name, json, symbols);
                case "time" -> time = Times.rfc3339(name, json);
                case "trade_id" -> tradeId = Numbers.whole(name, json);
                case "side" -> side = side(json);
                case "price" -> values.take(PRICE, json);
                case "size", "last_size" -> values.take(SIZE, json);
                case "best_bid" -> values.take(BID, json);
                case "best_bid_size" -> values.take(BID_SIZE, json);
                case "best_ask" -> values.take(ASK, json);
                case "best_ask_size" -> values.take(ASK_SIZE, json);
                case "open_24h" -> values.take(OPEN, json);
                case "high_24h" -> values.take(HIGH, json);
                case "low_24h" -> values.take(LOW, json);
                case "volume_24h" -> values.take(VOLUME, json);
                case "bids" -> {
                    hasBids = true;
                    levels(json, bids);
                }
                case "asks" -> {
                    hasAsks = true;
                    levels(json, asks);
                }
                case "changes" -> {
                    hasChanges = true;
                    changes(json);
                }
                case "message", "reason" ->
                    error = error.isEmpty() ? Json.shown(json) : error + ": " + Json.shown(json);
                default -> json.skipChildren();
            }
        }
    }

    private void type(JsonParser json) throws IOException, BadFrameException {
        if (Json.is(json, "l2update")) {
            kind = Kind.CHANGES;
        } else if (Json.is(json, "match")) {
            kind = Kind.MATCH;
        } else if (Json.is(json, "ticker")) {
            kind = Kind.TICKER;
        } else if (Json.is(json, "snapshot")) {
            kind = Kind.SNAPSHOT;
        } else if (Json.is(json, "last_match")) {
            kind = Kind.LAST_MATCH;
        } else if (Json.is(json, "heartbeat") || Json.is(json, "subscriptions")) {
            kind = Kind.NOTICE;
        } else if (Json.is(json, "error")) {
            kind = Kind.ERROR;
        } else {
            unknown = Json.shown(json);
            json.skipChildren();
        }
    }

    private static Side side(JsonParser json) throws IOException, BadFrameException {
        if (Json.is(json, "buy")) {
            return Side.SIDE_BUY;
        }
        if (Json.is(json, "sell")) {
            return Side.SIDE_SELL;
        }
        throw new BadFrameException(Reason.MISSING_FIELD, "a side that is neither buy nor sell");
    }

    /** {@code [["price","size"],...]}. */
    private void levels(JsonParser json, LevelList target) throws IOException, BadFrameException {
        Json.expect("levels", json, JsonToken.START_ARRAY);
        JsonToken token = json.nextToken();
        for (; token == JsonToken.START_ARRAY; token = json.nextToken()) {
            json.nextToken();
            level(json, target);
        }
        end(token);
    }

    /** {@code [["buy","price","size"],...]}. */
    private void changes(JsonParser json) throws IOException, BadFrameException {
        Json.expect("changes", json, JsonToken.START_ARRAY);
        JsonToken token = json.nextToken();
        for (; token == JsonToken.START_ARRAY; token = json.nextToken()) {
            json.nextToken();
            LevelList target = side(json) == Side.SIDE_BUY ? bids : asks;
            json.nextToken();
            level(json, target);
        }
        end(token);
    }

    private void level(JsonParser json, LevelList target) throws IOException, BadFrameException {
        Numbers.read("price of a level", json, price);
        json.nextToken();
        Numbers.read("size of a level", json, size);
        target.add(price, size);
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == null) {
                throw new BadFrameException(Reason.MALFORMED, "a level does not end");
            }
            json.skipChildren();
        }
    }

    private static void end(@Nullable JsonToken token) throws BadFrameException {
        if (token != JsonToken.END_ARRAY) {
            throw new BadFrameException(Reason.MALFORMED, "a level is no list");
        }
    }
}
