package io.tidemark.edge.venue.kraken;

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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One message of the socket, parsed whole before anything of it is recorded. Numbers are bare. Reused. */
final class KrakenMessage {
    enum Kind {
        NONE,
        BOOK,
        TRADE,
        TICKER,
        OHLC,
        /** Acknowledgements, status, heartbeats: nothing comes of them. */
        NOTICE
    }

    static final int BID = 0;
    static final int BID_SIZE = 1;
    static final int ASK = 2;
    static final int ASK_SIZE = 3;
    static final int LAST = 4;
    static final int VOLUME = 5;
    static final int LOW = 6;
    static final int HIGH = 7;
    static final int OPEN = 8;
    static final int CLOSE = 9;
    static final int TRADES = 10;
    static final int INTERVAL = 11;

    private static final int KEPT = 1024;

    /** One element of the data. */
    static final class Row {
        @Nullable
        Symbol symbol;

        final Values values = new Values(12);
        final Decimal38 price = new Decimal38();
        final Decimal38 size = new Decimal38();
        boolean hasPrice;
        boolean hasSize;
        Side side = Side.SIDE_UNKNOWN;
        long tradeId;
        long time;
        long begin;
        long checksum;
        /** Where there are levels: kept apart, because trades are many and have none. */
        @Nullable
        LevelList bids;

        @Nullable
        LevelList asks;

        private boolean hasLevels;

        private void clear() {
            symbol = null;
            values.clear();
            hasPrice = false;
            hasSize = false;
            side = Side.SIDE_UNKNOWN;
            tradeId = EventEncoder.ABSENT;
            time = EventEncoder.ABSENT;
            begin = EventEncoder.ABSENT;
            checksum = EventEncoder.ABSENT;
            hasLevels = false;
            if (bids != null) {
                bids.clear();
            }
            if (asks != null) {
                asks.clear();
            }
        }
    }

    Kind kind = Kind.NONE;
    boolean snapshot;
    /** An acknowledgement told of how many levels this symbol's book has. */
    int acknowledgedDepth;

    @Nullable
    Symbol acknowledgedSymbol;

    private String unknown = "";
    private String error = "";
    private boolean method;
    private boolean hasData;
    private final List<Row> rows = new ArrayList<>();
    private int used;
    private final Decimal38 price = new Decimal38();
    private final Decimal38 size = new Decimal38();
    private final Json.Body body = this::read;
    private SymbolTable<Symbol> symbols;

    KrakenMessage(SymbolTable<Symbol> symbols) {
        this.symbols = symbols;
    }

    int size() {
        return used;
    }

    Row row(int index) {
        return rows.get(index);
    }

    void parse(byte[] bytes, int offset, int length, SymbolTable<Symbol> table) throws BadFrameException {
        symbols = table;
        kind = Kind.NONE;
        snapshot = false;
        acknowledgedDepth = 0;
        acknowledgedSymbol = null;
        unknown = "";
        error = "";
        method = false;
        hasData = false;
        if (rows.size() > KEPT) {
            rows.subList(KEPT, rows.size()).clear();
        }
        used = 0;
        Json.parse(bytes, offset, length, body);
        if (!error.isEmpty()) {
            throw new BadFrameException(Reason.REFUSED, error);
        }
        if (method) {
            kind = Kind.NOTICE;
            return;
        }
        if (kind == Kind.NONE) {
            throw new BadFrameException(Reason.UNKNOWN_TYPE, "channel " + unknown);
        }
        if (kind == Kind.NOTICE) {
            return;
        }
        if (!hasData) {
            throw new BadFrameException(Reason.MISSING_FIELD, "a message without data");
        }
        for (int i = 0; i < used; i++) {
            check(rows.get(i));
        }
    }

    private void check(Row row) throws BadFrameException {
        boolean whole = switch (kind) {
            case BOOK -> row.hasLevels;
            case TRADE ->
                row.hasPrice
                        && row.hasSize
                        && row.side != Side.SIDE_UNKNOWN
                        && row.tradeId != EventEncoder.ABSENT
                        && row.time != EventEncoder.ABSENT;
            case OHLC -> row.begin != EventEncoder.ABSENT;
            case TICKER, NONE, NOTICE -> true;
        };
        if (!whole || row.symbol == null) {
            throw new BadFrameException(Reason.MISSING_FIELD, "a field is missing in a message of kind " + kind);
        }
        if (kind == Kind.TICKER) {
            for (int place = BID; place <= OPEN; place++) {
                row.values.decimal(place, "of a ticker", price);
            }
        } else if (kind == Kind.OHLC) {
            row.values.needDecimal(OPEN, "open", price);
            row.values.needDecimal(HIGH, "high", price);
            row.values.needDecimal(LOW, "low", price);
            row.values.needDecimal(CLOSE, "close", price);
            row.values.needDecimal(VOLUME, "volume", price);
            row.values.whole(TRADES, "trades");
            row.values.whole(INTERVAL, "interval");
        }
    }

    private void read(JsonParser json) throws IOException, BadFrameException {
        Json.expect("message", json, JsonToken.START_OBJECT);
        boolean failed = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "channel" -> channel(json);
                case "type" -> snapshot = Json.is(json, "snapshot");
                case "data" -> {
                    if (kind == Kind.NOTICE) {
                        json.skipChildren();
                    } else {
                        data(json);
                    }
                }
                case "method" -> method = true;
                case "success" -> failed = json.currentToken() == JsonToken.VALUE_FALSE;
                case "error" -> error = Json.shown(json);
                case "result" -> {
                    if (json.currentToken() == JsonToken.START_OBJECT) {
                        result(json);
                    }
                }
                default -> json.skipChildren();
            }
        }
        if (failed && error.isEmpty()) {
            error = "success is false";
        }
    }

    private void channel(JsonParser json) throws IOException, BadFrameException {
        if (Json.is(json, "book")) {
            kind = Kind.BOOK;
        } else if (Json.is(json, "trade")) {
            kind = Kind.TRADE;
        } else if (Json.is(json, "ticker")) {
            kind = Kind.TICKER;
        } else if (Json.is(json, "ohlc")) {
            kind = Kind.OHLC;
        } else if (Json.is(json, "heartbeat") || Json.is(json, "status")) {
            kind = Kind.NOTICE;
        } else {
            unknown = Json.text("channel", json);
        }
    }

    private void result(JsonParser json) throws IOException, BadFrameException {
        boolean book = false;
        int depth = 0;
        Symbol symbol = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "channel" -> book = Json.is(json, "book");
                case "depth" -> depth = (int) Math.min(Numbers.whole(name, json), Kraken.MOST_DEPTH);
                case "symbol" -> {
                    if (json.currentToken() == JsonToken.VALUE_STRING) {
                        // It may be one that is not asked for any more.
                        symbol = symbols.find(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
                    }
                }
                default -> json.skipChildren();
            }
        }
        if (book && depth > 0) {
            acknowledgedDepth = depth;
            acknowledgedSymbol = symbol;
        }
    }

    private void data(JsonParser json) throws IOException, BadFrameException {
        hasData = true;
        Json.expect("data", json, JsonToken.START_ARRAY);
        JsonToken token = json.nextToken();
        for (; token == JsonToken.START_OBJECT; token = json.nextToken()) {
            if (used == rows.size()) {
                rows.add(new Row());
            }
            Row row = rows.get(used++);
            row.clear();
            fields(json, row);
        }
        if (token != JsonToken.END_ARRAY) {
            throw new BadFrameException(Reason.MALFORMED, "data that is no objects");
        }
    }

    private void fields(JsonParser json, Row row) throws IOException, BadFrameException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "symbol" -> {
                    // Of a channel that is not known the symbols need not be.
                    if (unknown.isEmpty()) {
                        row.symbol = Json.symbol(name, json, symbols);
                    }
                }
                case "bids" -> {
                    row.bids = row.bids == null ? new LevelList() : row.bids;
                    row.hasLevels = true;
                    levels(json, row.bids);
                }
                case "asks" -> {
                    row.asks = row.asks == null ? new LevelList() : row.asks;
                    row.hasLevels = true;
                    levels(json, row.asks);
                }
                case "checksum" -> row.checksum = Numbers.whole(name, json);
                case "timestamp" -> row.time = Times.rfc3339(name, json);
                case "interval_begin" -> row.begin = Times.rfc3339(name, json);
                case "price" -> row.hasPrice = Numbers.readOptional(name, json, row.price);
                case "qty" -> row.hasSize = Numbers.readOptional(name, json, row.size);
                case "side" ->
                    row.side = Json.is(json, "buy")
                            ? Side.SIDE_BUY
                            : Json.is(json, "sell") ? Side.SIDE_SELL : Side.SIDE_UNKNOWN;
                case "trade_id" -> row.tradeId = Numbers.whole(name, json);
                default -> {
                    int place = place(name);
                    if (place >= 0) {
                        row.values.take(place, json);
                    } else {
                        json.skipChildren();
                    }
                }
            }
        }
    }

    private static int place(String name) {
        return switch (name) {
            case "bid" -> BID;
            case "bid_qty" -> BID_SIZE;
            case "ask" -> ASK;
            case "ask_qty" -> ASK_SIZE;
            case "last" -> LAST;
            case "volume" -> VOLUME;
            case "low" -> LOW;
            case "high" -> HIGH;
            case "open" -> OPEN;
            case "close" -> CLOSE;
            case "trades" -> TRADES;
            case "interval" -> INTERVAL;
            default -> -1;
        };
    }

    /** {@code [{"price":45283.5,"qty":0.10000000},...]}. */
    private void levels(JsonParser json, LevelList target) throws IOException, BadFrameException {
        Json.expect("levels", json, JsonToken.START_ARRAY);
        JsonToken token = json.nextToken();
        for (; token == JsonToken.START_OBJECT; token = json.nextToken()) {
            boolean hasPrice = false;
            boolean hasSize = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("price")) {
                    Numbers.read("price of a level", json, price);
                    hasPrice = true;
                } else if (name.equals("qty")) {
                    Numbers.read("size of a level", json, size);
                    hasSize = true;
                } else {
                    json.skipChildren();
                }
            }
            if (!hasPrice || !hasSize) {
                throw new BadFrameException(Reason.MISSING_FIELD, "a level without price or qty");
            }
            target.add(price, size);
        }
        if (token != JsonToken.END_ARRAY) {
            throw new BadFrameException(Reason.MALFORMED, "a level is no object");
        }
    }
}
