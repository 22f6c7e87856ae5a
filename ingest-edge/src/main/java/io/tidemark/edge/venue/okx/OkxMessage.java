package io.tidemark.edge.venue.okx;

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

/** One message of the socket, parsed whole before anything of it is recorded. Reused. */
final class OkxMessage {
    enum Kind {
        NONE,
        TRADES,
        TICKERS,
        TOP,
        BOOK,
        CANDLE,
        /** What derivatives have besides: mark price, funding, open interest. */
        TERMS,
        /** Acknowledgements and notices: nothing comes of them. */
        NOTICE
    }

    static final int LAST = 0;
    static final int LAST_SIZE = 1;
    static final int BID = 2;
    static final int BID_SIZE = 3;
    static final int ASK = 4;
    static final int ASK_SIZE = 5;
    static final int OPEN = 6;
    static final int HIGH = 7;
    static final int LOW = 8;
    static final int VOLUME = 9;
    static final int VOLUME_OF_CURRENCY = 10;

    static final int MARK = 11;
    static final int FUNDING = 12;
    static final int FUNDING_TIME = 13;
    static final int OPEN_INTEREST = 14;

    /** Places of a candle, as they stand in its list. */
    static final int CANDLE_TIME = 0;

    static final int CANDLE_OPEN = 1;
    static final int CANDLE_HIGH = 2;
    static final int CANDLE_LOW = 3;
    static final int CANDLE_CLOSE = 4;
    static final int CANDLE_VOLUME = 5;
    static final int CANDLE_QUOTE_VOLUME = 7;
    static final int CANDLE_CONFIRM = 8;

    private static final int KEPT = 256;

    /** One element of the message's data. */
    static final class Row {
        final Values values = new Values(15);
        final LevelList bids = new LevelList();
        final LevelList asks = new LevelList();
        final Decimal38 price = new Decimal38();
        final Decimal38 size = new Decimal38();
        boolean hasPrice;
        boolean hasSize;
        boolean hasBids;
        boolean hasAsks;
        boolean spot;
        boolean list;
        Side side = Side.SIDE_UNKNOWN;
        long time;
        long tradeId;
        /** Trades that the venue put into one. */
        long count;

        long checksum;
        long sequence;
        long previous;

        private void clear() {
            values.clear();
            bids.clear();
            asks.clear();
            hasPrice = false;
            hasSize = false;
            hasBids = false;
            hasAsks = false;
            spot = false;
            list = false;
            side = Side.SIDE_UNKNOWN;
            time = EventEncoder.ABSENT;
            tradeId = EventEncoder.ABSENT;
            count = 1;
            checksum = EventEncoder.ABSENT;
            sequence = EventEncoder.ABSENT;
            previous = EventEncoder.ABSENT;
        }
    }

    Kind kind = Kind.NONE;

    @Nullable
    Symbol symbol;

    boolean snapshot;
    /** Of a candle. */
    String timeframe = "";

    private String event = "";
    private String problem = "";
    private String channel = "";
    private final List<Row> rows = new ArrayList<>();
    private int used;
    private boolean hasData;
    private final Decimal38 price = new Decimal38();
    private final Decimal38 size = new Decimal38();
    private final Json.Body body = this::read;
    private SymbolTable<Symbol> symbols;

    OkxMessage(SymbolTable<Symbol> symbols) {
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
        symbol = null;
        snapshot = false;
        timeframe = "";
        event = "";
        problem = "";
        channel = "";
        if (rows.size() > KEPT) {
            rows.subList(KEPT, rows.size()).clear();
        }
        used = 0;
        hasData = false;
        if (isPong(bytes, offset, length)) {
            kind = Kind.NOTICE;
            return;
        }
        Json.parse(bytes, offset, length, body);
        if (!event.isEmpty()) {
            notice();
            return;
        }
        if (kind == Kind.NONE) {
            throw new BadFrameException(Reason.UNKNOWN_TYPE, "channel " + channel);
        }
        if (symbol == null || !hasData) {
            throw new BadFrameException(Reason.MISSING_FIELD, "a message without instId or data");
        }
        for (int i = 0; i < used; i++) {
            check(rows.get(i));
        }
    }

    private static boolean isPong(byte[] bytes, int offset, int length) {
        return length == 4
                && bytes[offset] == 'p'
                && bytes[offset + 1] == 'o'
                && bytes[offset + 2] == 'n'
                && bytes[offset + 3] == 'g';
    }

    private void notice() throws BadFrameException {
        switch (event) {
            case "subscribe", "unsubscribe", "notice", "channel-conn-count" -> kind = Kind.NOTICE;
            case "error", "channel-conn-count-error" ->
                throw new BadFrameException(Reason.REFUSED, problem.isEmpty() ? event : problem);
            default -> throw new BadFrameException(Reason.UNKNOWN_TYPE, "event " + event);
        }
    }

    private void check(Row row) throws BadFrameException {
        boolean whole = switch (kind) {
            case TRADES ->
                row.hasPrice
                        && row.hasSize
                        && row.side != Side.SIDE_UNKNOWN
                        && row.tradeId != EventEncoder.ABSENT
                        && row.time != EventEncoder.ABSENT;
            case TICKERS, TERMS -> row.time != EventEncoder.ABSENT;
            case TOP, BOOK -> row.hasBids && row.hasAsks && row.time != EventEncoder.ABSENT;
            case CANDLE -> row.list;
            case NONE, NOTICE -> true;
        };
        if (!whole) {
            throw new BadFrameException(
                    Reason.MISSING_FIELD, "a field is missing in a message of channel kind " + kind);
        }
        if (kind == Kind.TICKERS) {
            for (int place = LAST; place <= VOLUME_OF_CURRENCY; place++) {
                row.values.decimal(place, "of a ticker", price);
            }
        } else if (kind == Kind.TERMS) {
            row.values.decimal(MARK, "markPx", price);
            row.values.signedDecimal(FUNDING, "fundingRate", price);
            row.values.decimal(OPEN_INTEREST, "oi", price);
            if (row.values.has(FUNDING_TIME)) {
                row.values.whole(FUNDING_TIME, "fundingTime");
            }
        } else if (kind == Kind.CANDLE) {
            for (int place = CANDLE_OPEN; place <= CANDLE_VOLUME; place++) {
                row.values.needDecimal(place, "of a candle", price);
            }
            row.values.decimal(CANDLE_QUOTE_VOLUME, "of a candle", price);
            row.values.whole(CANDLE_TIME, "time of a candle");
            row.values.whole(CANDLE_CONFIRM, "confirm");
        }
    }

    private void read(JsonParser json) throws IOException, BadFrameException {
        Json.expect("message", json, JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "arg" -> arg(json);
                case "action" -> snapshot = Json.is(json, "snapshot");
                case "data" -> data(json);
                case "event" -> event = Json.text(name, json);
                case "msg" -> problem = Json.shown(json);
                default -> json.skipChildren();
            }
        }
    }

    /** Within an acknowledgement the instrument may be one that is not asked for any more. */
    private void arg(JsonParser json) throws IOException, BadFrameException {
        Json.expect("arg", json, JsonToken.START_OBJECT);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "channel" -> channel(json);
                case "instId" -> {
                    if (event.isEmpty()) {
                        symbol = Json.symbol(name, json, symbols);
                    }
                }
                default -> json.skipChildren();
            }
        }
    }

    private void channel(JsonParser json) throws IOException, BadFrameException {
        if (Json.is(json, "books")) {
            kind = Kind.BOOK;
        } else if (Json.is(json, "trades")) {
            kind = Kind.TRADES;
        } else if (Json.is(json, "bbo-tbt")) {
            kind = Kind.TOP;
        } else if (Json.is(json, "tickers")) {
            kind = Kind.TICKERS;
        } else if (Json.is(json, "mark-price") || Json.is(json, "funding-rate") || Json.is(json, "open-interest")) {
            kind = Kind.TERMS;
        } else {
            channel = Json.text("channel", json);
            timeframe = Okx.timeframe(channel);
            if (!timeframe.isEmpty()) {
                kind = Kind.CANDLE;
            }
        }
    }

    private void data(JsonParser json) throws IOException, BadFrameException {
        hasData = true;
        Json.expect("data", json, JsonToken.START_ARRAY);
        JsonToken token = json.nextToken();
        for (; token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY; token = json.nextToken()) {
            if (used == rows.size()) {
                rows.add(new Row());
            }
            Row row = rows.get(used++);
            row.clear();
            if (token == JsonToken.START_OBJECT) {
                fields(json, row);
            } else {
                list(json, row);
            }
        }
        if (token != JsonToken.END_ARRAY) {
            throw new BadFrameException(Reason.MALFORMED, "data that is neither objects nor lists");
        }
    }

    private void fields(JsonParser json, Row row) throws IOException, BadFrameException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "asks" -> {
                    row.hasAsks = true;
                    levels(json, row.asks);
                }
                case "bids" -> {
                    row.hasBids = true;
                    levels(json, row.bids);
                }
                case "ts" -> row.time = Times.millis(name, json);
                case "checksum" -> row.checksum = Numbers.signedWhole(name, json);
                case "seqId" -> row.sequence = Numbers.signedWhole(name, json);
                case "prevSeqId" -> row.previous = Numbers.signedWhole(name, json);
                case "tradeId" -> row.tradeId = Numbers.whole(name, json);
                case "count" -> row.count = Math.max(1, Numbers.whole(name, json));
                case "px" -> row.hasPrice = Numbers.readOptional(name, json, row.price);
                case "sz" -> row.hasSize = Numbers.readOptional(name, json, row.size);
                case "side" ->
                    row.side = Json.is(json, "buy")
                            ? Side.SIDE_BUY
                            : Json.is(json, "sell") ? Side.SIDE_SELL : Side.SIDE_UNKNOWN;
                case "instType" -> row.spot = Json.is(json, "SPOT");
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
            case "last" -> LAST;
            case "lastSz" -> LAST_SIZE;
            case "bidPx" -> BID;
            case "bidSz" -> BID_SIZE;
            case "askPx" -> ASK;
            case "askSz" -> ASK_SIZE;
            case "open24h" -> OPEN;
            case "high24h" -> HIGH;
            case "low24h" -> LOW;
            case "vol24h" -> VOLUME;
            case "volCcy24h" -> VOLUME_OF_CURRENCY;
            case "markPx" -> MARK;
            case "fundingRate" -> FUNDING;
            case "fundingTime" -> FUNDING_TIME;
            case "oi" -> OPEN_INTEREST;
            default -> -1;
        };
    }

    private static void list(JsonParser json, Row row) throws IOException, BadFrameException {
        row.list = true;
        int place = 0;
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == null) {
                throw new BadFrameException(Reason.MALFORMED, "a list does not end");
            }
            if (place < row.values.places()) {
                row.values.take(place++, json);
            } else {
                json.skipChildren();
            }
        }
    }

    /** {@code [["price","size","0","orders"],...]}. */
    private void levels(JsonParser json, LevelList target) throws IOException, BadFrameException {
        Json.expect("levels", json, JsonToken.START_ARRAY);
        JsonToken token = json.nextToken();
        for (; token == JsonToken.START_ARRAY; token = json.nextToken()) {
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
        }
        if (token != JsonToken.END_ARRAY) {
            throw new BadFrameException(Reason.MALFORMED, "a level is no list");
        }
    }
}
