package io.tidemark.edge.venue.coinbaseadvanced;

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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of the socket, parsed whole before anything of it is recorded. Reused.
 *
 * <p>What an event holds is read by the name of its list, so the order of the message's fields does not matter.
 */
final class AdvancedMessage {
    static final int OPEN = 0;
    static final int HIGH = 1;
    static final int LOW = 2;
    static final int CLOSE = 3;
    static final int VOLUME = 4;
    static final int START = 5;

    static final int BID = 0;
    static final int BID_SIZE = 1;
    static final int ASK = 2;
    static final int ASK_SIZE = 3;
    static final int PRICE = 4;
    static final int DAY_HIGH = 5;
    static final int DAY_LOW = 6;
    static final int DAY_VOLUME = 7;

    /** Levels of one product. */
    static final class Book {
        @Nullable
        Symbol symbol;

        boolean snapshot;
        final LevelList bids = new LevelList();
        final LevelList asks = new LevelList();
    }

    /** A ticker or a candle of one product. */
    static final class Row {
        @Nullable
        Symbol symbol;

        final Values values = new Values(8);
    }

    /** Reused objects, as many as the largest message needed. */
    private static final class Pool<T> {
        private final List<T> all = new ArrayList<>();
        private int used;

        private T next(java.util.function.Supplier<T> maker) {
            if (used == all.size()) {
                all.add(maker.get());
            }
            return all.get(used++);
        }
    }

    long sequence;
    long timestamp;
    String error = "";
    private final Pool<Book> books = new Pool<>();
    private final Pool<Row> tickers = new Pool<>();
    private final Pool<Row> candles = new Pool<>();
    final TradeList trades = new TradeList();
    /** Of the trades, each at its place. */
    final List<Symbol> tradeSymbols = new ArrayList<>();
    /** Where each list of trades begins. */
    private final List<Integer> tradeLists = new ArrayList<>();

    /** The trades are those before the subscription. */
    boolean tradesSnapshot;

    private boolean known;
    private boolean hasEvents;
    private String channel = "";
    private final Decimal38 price = new Decimal38();
    private final Decimal38 size = new Decimal38();
    private final Json.Body body = this::read;
    private SymbolTable<Symbol> symbols;

    AdvancedMessage(SymbolTable<Symbol> symbols) {
        this.symbols = symbols;
    }

    /** What was read of it before a failure stays, the sequence above all. */
    void parse(byte[] bytes, int offset, int length, SymbolTable<Symbol> table) throws BadFrameException {
        symbols = table;
        sequence = EventEncoder.ABSENT;
        timestamp = EventEncoder.ABSENT;
        error = "";
        books.used = 0;
        tickers.used = 0;
        candles.used = 0;
        trades.clear();
        tradeSymbols.clear();
        tradeLists.clear();
        tradesSnapshot = false;
        known = false;
        hasEvents = false;
        channel = "";
        Json.parse(bytes, offset, length, body);
        if (!error.isEmpty()) {
            throw new BadFrameException(Reason.REFUSED, error);
        }
        if (!known) {
            throw new BadFrameException(Reason.UNKNOWN_TYPE, "channel " + channel);
        }
        if (!hasEvents || sequence == EventEncoder.ABSENT || timestamp == EventEncoder.ABSENT) {
            throw new BadFrameException(Reason.MISSING_FIELD, "a message without events, sequence_num or timestamp");
        }
    }

    int books() {
        return books.used;
    }

    Book book(int index) {
        return books.all.get(index);
    }

    int tickers() {
        return tickers.used;
    }

    Row ticker(int index) {
        return tickers.all.get(index);
    }

    int candles() {
        return candles.used;
    }

    Row candle(int index) {
        return candles.all.get(index);
    }

    private void read(JsonParser json) throws IOException, BadFrameException {
        Json.expect("message", json, JsonToken.START_OBJECT);
        boolean failed = false;
        String message = "";
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "channel" -> channel(json);
                case "timestamp" -> timestamp = Times.rfc3339(name, json);
                case "sequence_num" -> sequence = Numbers.whole(name, json);
                case "events" -> events(json);
                case "type" -> failed = Json.is(json, "error");
                case "message" -> message = Json.shown(json);
                default -> json.skipChildren();
            }
        }
        if (failed) {
            error = message.isEmpty() ? "error" : message;
        }
    }

    private void channel(JsonParser json) throws IOException, BadFrameException {
        known = Json.is(json, "l2_data")
                || Json.is(json, "market_trades")
                || Json.is(json, "ticker")
                || Json.is(json, "ticker_batch")
                || Json.is(json, "candles")
                || Json.is(json, "heartbeats")
                || Json.is(json, "subscriptions");
        if (!known) {
            channel = Json.text("channel", json);
        }
    }

    private void events(JsonParser json) throws IOException, BadFrameException {
        hasEvents = true;
        Json.expect("events", json, JsonToken.START_ARRAY);
        JsonToken token = json.nextToken();
        for (; token == JsonToken.START_OBJECT; token = json.nextToken()) {
            event(json);
        }
        end(token);
    }

    private void event(JsonParser json) throws IOException, BadFrameException {
        boolean snapshot = false;
        Symbol symbol = null;
        Book book = null;
        boolean hasTrades = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "type" -> snapshot = Json.is(json, "snapshot");
                case "product_id" -> symbol = Json.symbol(name, json, symbols);
                case "updates" -> {
                    book = books.next(Book::new);
                    book.bids.clear();
                    book.asks.clear();
                    updates(json, book);
                }
                case "trades" -> {
                    hasTrades = true;
                    trades(json);
                }
                case "tickers" -> rows(json, tickers, false);
                case "candles" -> rows(json, candles, true);
                default -> json.skipChildren();
            }
        }
        if (book != null) {
            if (symbol == null) {
                throw new BadFrameException(Reason.MISSING_FIELD, "changes of a book without product_id");
            }
            book.symbol = symbol;
            book.snapshot = snapshot;
        }
        tradesSnapshot |= hasTrades && snapshot;
    }

    /** {@code {"side":"bid","event_time":..,"price_level":"1","new_quantity":"2"}}, tens of thousands in a snapshot. */
    private void updates(JsonParser json, Book book) throws IOException, BadFrameException {
        Json.expect("updates", json, JsonToken.START_ARRAY);
        JsonToken token = json.nextToken();
        for (; token == JsonToken.START_OBJECT; token = json.nextToken()) {
            LevelList target = null;
            boolean hasPrice = false;
            boolean hasSize = false;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "side" -> {
                        if (Json.is(json, "bid")) {
                            target = book.bids;
                        } else if (Json.is(json, "offer") || Json.is(json, "ask")) {
                            target = book.asks;
                        }
                    }
                    case "price_level" -> {
                        Numbers.read(name, json, price);
                        hasPrice = true;
                    }
                    case "new_quantity" -> {
                        Numbers.read(name, json, size);
                        hasSize = true;
                    }
                    default -> json.skipChildren();
                }
            }
            if (target == null || !hasPrice || !hasSize) {
                throw new BadFrameException(Reason.MISSING_FIELD, "a level without side, price_level or new_quantity");
            }
            target.add(price, size);
        }
        end(token);
    }

    private void trades(JsonParser json) throws IOException, BadFrameException {
        Json.expect("trades", json, JsonToken.START_ARRAY);
        tradeLists.add(trades.size());
        JsonToken token = json.nextToken();
        for (; token == JsonToken.START_OBJECT; token = json.nextToken()) {
            trade(json);
        }
        end(token);
    }

    private void trade(JsonParser json) throws IOException, BadFrameException {
        TradeList.Entry trade = trades.add();
        Symbol symbol = null;
        boolean hasPrice = false;
        boolean hasSize = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "product_id" -> symbol = Json.symbol(name, json, symbols);
                case "trade_id" -> trade.id(Numbers.whole(name, json));
                case "price" -> {
                    Numbers.read(name, json, trade.price);
                    hasPrice = true;
                }
                case "size" -> {
                    Numbers.read(name, json, trade.size);
                    hasSize = true;
                }
                case "time" -> trade.time = Times.rfc3339(name, json);
                // The message has the maker's side.
                case "side" ->
                    trade.side = Json.is(json, "SELL")
                            ? Side.SIDE_BUY
                            : Json.is(json, "BUY") ? Side.SIDE_SELL : Side.SIDE_UNKNOWN;
                default -> json.skipChildren();
            }
        }
        if (symbol == null
                || !hasPrice
                || !hasSize
                || trade.number == EventEncoder.ABSENT
                || trade.time == EventEncoder.ABSENT) {
            throw new BadFrameException(
                    Reason.MISSING_FIELD, "a trade without product_id, trade_id, price, size or time");
        }
        tradeSymbols.add(symbol);
    }

    private void rows(JsonParser json, Pool<Row> pool, boolean ofCandles) throws IOException, BadFrameException {
        Json.expect("tickers or candles", json, JsonToken.START_ARRAY);
        JsonToken token = json.nextToken();
        for (; token == JsonToken.START_OBJECT; token = json.nextToken()) {
            Row row = pool.next(Row::new);
            row.symbol = null;
            row.values.clear();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("product_id")) {
                    row.symbol = Json.symbol(name, json, symbols);
                    continue;
                }
                int place = ofCandles ? candlePlace(name) : tickerPlace(name);
                if (place >= 0) {
                    row.values.take(place, json);
                } else {
                    json.skipChildren();
                }
            }
            if (row.symbol == null) {
                throw new BadFrameException(Reason.MISSING_FIELD, "a ticker or candle without product_id");
            }
        }
        end(token);
    }

    private static int candlePlace(String name) {
        return switch (name) {
            case "open" -> OPEN;
            case "high" -> HIGH;
            case "low" -> LOW;
            case "close" -> CLOSE;
            case "volume" -> VOLUME;
            case "start" -> START;
            default -> -1;
        };
    }

    private static int tickerPlace(String name) {
        return switch (name) {
            case "best_bid" -> BID;
            case "best_bid_quantity" -> BID_SIZE;
            case "best_ask" -> ASK;
            case "best_ask_quantity" -> ASK_SIZE;
            case "price" -> PRICE;
            case "high_24_h" -> DAY_HIGH;
            case "low_24_h" -> DAY_LOW;
            case "volume_24_h" -> DAY_VOLUME;
            default -> -1;
        };
    }

    private static void end(@Nullable JsonToken token) throws BadFrameException {
        if (token != JsonToken.END_ARRAY) {
            throw new BadFrameException(Reason.MALFORMED, "a list that holds something else than objects");
        }
    }

    /** Gives the places of the trades, the oldest of each list first: the venue tells the newest first. */
    void forEachTradeInOrder(java.util.function.IntConsumer taker) {
        for (int list = 0; list < tradeLists.size(); list++) {
            int from = tradeLists.get(list);
            int to = list + 1 < tradeLists.size() ? tradeLists.get(list + 1) : trades.size();
            boolean newestFirst = to - from > 1 && isBehind(from, to - 1);
            for (int i = from; i < to; i++) {
                taker.accept(newestFirst ? to - 1 - (i - from) : i);
            }
        }
    }

    private boolean isBehind(int one, int other) {
        if (tradeSymbols.get(one) == tradeSymbols.get(other)) {
            return trades.get(one).number > trades.get(other).number;
        }
        return trades.get(one).time >= trades.get(other).time;
    }
}
