package io.tidemark.edge.venue.binance;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Gap;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.contracts.proto.Side;
import io.tidemark.contracts.proto.Ticker;
import io.tidemark.edge.book.OrderBook;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.feed.EventRecorder;
import io.tidemark.edge.feed.Venue;
import io.tidemark.edge.feed.VenueLink;
import io.tidemark.edge.feed.VenuePlan;
import io.tidemark.edge.message.SymbolTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Binance spot, Binance.US and Binance USD-M futures: trades, aggregate trades, top of book, changes of depth, candles,
 * tickers and mark prices.
 *
 * <p>Every message is parsed whole before anything of it is recorded. Changes of depth are recorded as received,
 * whether or not the book is in step. On the feed's thread only.
 */
public final class BinanceVenue implements Venue {
    private BinancePlan plan;
    private final EventRecorder recorder;
    private SymbolTable<Symbol> symbols;
    private final Requests requests = new Requests();
    private final SnapshotQueue snapshots;
    private final BinanceMessage message = new BinanceMessage();
    private final BinanceMessage heldMessage = new BinanceMessage();
    private final Decimal38 first = new Decimal38();
    private final Decimal38 second = new Decimal38();
    private final Decimal38 third = new Decimal38();
    private final Decimal38 fourth = new Decimal38();
    private final StringBuilder id = new StringBuilder(20);

    public BinanceVenue(BinancePlan plan, EventRecorder recorder, RandomGenerator random) {
        this.plan = plan;
        this.recorder = recorder;
        this.symbols = table(plan, null);
        this.snapshots = new SnapshotQueue(
                plan.site().depthPath(), SnapshotQueue.limitFor(plan.depth()), this::snapshot, random);
    }

    /** What {@code old} has already stays as it is: its book and its ids. */
    private SymbolTable<Symbol> table(BinancePlan wanted, @Nullable SymbolTable<Symbol> old) {
        List<Symbol> all = new ArrayList<>();
        wanted.symbols().forEach((venueSymbol, symbol) -> {
            Symbol known = old == null ? null : old.find(venueSymbol);
            boolean fits = known != null && (known.book != null) == wanted.wantsDepth();
            all.add(
                    fits
                            ? known
                            : new Symbol(
                                    recorder.instrument(symbol, venueSymbol),
                                    wanted.wantsDepth()
                                            ? new BookSync(
                                                    wanted.depth(),
                                                    wanted.symbols().size(),
                                                    wanted.site().isLinked())
                                            : null));
        });
        return new SymbolTable<>(all, symbol -> symbol.instrument.venueSymbol());
    }

    @Override
    public void change(VenuePlan newPlan) {
        BinancePlan wanted = (BinancePlan) newPlan;
        symbols = table(wanted, symbols);
        requests.change(plan.streamNames(), wanted.streamNames());
        plan = wanted;
    }

    @Override
    public String address() {
        return plan.socketAddress();
    }

    @Override
    public void opened(VenueLink link) {
        requests.opened(link);
        snapshots.opened(link);
    }

    @Override
    public void closed() {
        requests.closed();
        snapshots.closed();
    }

    @Override
    public void distrust() {
        for (Symbol symbol : symbols.all()) {
            if (symbol.book != null) {
                symbol.book.distrust();
            }
        }
    }

    @Override
    public void frame(byte[] bytes, int offset, int length) throws BadFrameException {
        message.parse(bytes, offset, length);
        Fields fields = message.fields;
        if (!fields.has('e')) {
            if (message.answer && message.stream.isEmpty()) {
                return;
            }
            if (fields.isText('b') && fields.isText('a') && fields.has('B') && fields.has('A')) {
                bookTicker(fields);
                return;
            }
            throw new BadFrameException(Reason.UNKNOWN_TYPE, "a message without a type, of stream " + message.stream);
        }
        if (fields.textEquals('e', "trade")) {
            trade(fields);
        } else if (fields.textEquals('e', "depthUpdate")) {
            depthUpdate(fields, bytes, offset, length);
        } else if (fields.textEquals('e', "aggTrade")) {
            aggregateTrade(fields);
        } else if (fields.textEquals('e', "kline")) {
            kline(fields, message.candle);
        } else if (fields.textEquals('e', "24hrTicker") || fields.textEquals('e', "24hrMiniTicker")) {
            ticker(fields);
        } else if (fields.textEquals('e', "bookTicker")) {
            bookTicker(fields);
        } else if (fields.textEquals('e', "markPriceUpdate")) {
            markPrice(fields);
        } else {
            throw new BadFrameException(Reason.UNKNOWN_TYPE, "message type " + fields.text('e'));
        }
    }

    @Override
    public boolean repeats(byte[] bytes, int offset, int length) throws BadFrameException {
        heldMessage.parse(bytes, offset, length);
        Fields fields = heldMessage.fields;
        if (heldMessage.answer || !fields.isText('s')) {
            return false;
        }
        Symbol symbol = fields.symbol('s', symbols);
        if (symbol == null) {
            return false;
        }
        if (!fields.has('e') || fields.textEquals('e', "bookTicker")) {
            return seen(symbol.quoteId, fields.id('u'));
        } else if (fields.textEquals('e', "trade")) {
            return symbol.trades.has(fields.id('t'));
        } else if (fields.textEquals('e', "aggTrade")) {
            return symbol.aggregateTrades.has(fields.id('a'));
        } else if (fields.textEquals('e', "depthUpdate")) {
            return seen(symbol.depthId, fields.id('u'));
        } else if (fields.textEquals('e', "kline")) {
            return seen(symbol.candleTime, fields.time('E'));
        } else if (fields.textEquals('e', "markPriceUpdate")) {
            return seen(symbol.markTime, fields.time('E'));
        }
        return seen(symbol.tickerTime, fields.time('E'));
    }

    private static boolean seen(long last, long now) {
        return last != EventEncoder.ABSENT && now <= last;
    }

    /** The book of a symbol while it is in step, otherwise null; for looking at. */
    @Nullable
    OrderBook book(String venueSymbol) {
        Symbol symbol = symbols.find(venueSymbol);
        BookSync book = symbol == null ? null : symbol.book;
        return book != null && book.isSynchronised() ? book.book() : null;
    }

    /** The last update of a symbol's book that was seen. */
    long updateId(String venueSymbol) {
        Symbol symbol = symbols.find(venueSymbol);
        BookSync book = symbol == null ? null : symbol.book;
        return book == null ? EventEncoder.ABSENT : book.lastUpdateId();
    }

    private Symbol symbol(Fields fields) throws BadFrameException {
        Symbol symbol = fields.symbol('s', symbols);
        if (symbol == null) {
            throw new BadFrameException(Reason.UNKNOWN_SYMBOL, "symbol " + fields.text('s') + " was not asked for");
        }
        return symbol;
    }

    private void trade(Fields fields) throws BadFrameException {
        Symbol symbol = symbol(fields);
        long number = fields.id('t');
        long time = fields.time('T');
        fields.decimal('p', first);
        fields.decimal('q', second);
        Side side = taker(fields);
        chain(symbol, symbol.trades, number, time);
        // Futures: what the insurance fund or auto-deleveraging takes is no trade of the market, and no candle has it.
        boolean forBars = !fields.has('X') || fields.textEquals('X', "MARKET");
        recorder.trade(symbol.instrument, time, text(number), number, first, second, side, forBars);
        symbol.trades.advance(number, time);
    }

    private void aggregateTrade(Fields fields) throws BadFrameException {
        Symbol symbol = symbol(fields);
        long number = fields.id('a');
        long firstId = fields.id('f');
        long lastId = fields.id('l');
        long time = fields.time('T');
        fields.decimal('p', first);
        fields.decimal('q', second);
        Side side = taker(fields);
        chain(symbol, symbol.aggregateTrades, number, time);
        recorder.aggregateTrade(
                symbol.instrument,
                time,
                text(number),
                number,
                first,
                second,
                side,
                firstId,
                lastId,
                plan.barsFromAggregates());
        symbol.aggregateTrades.advance(number, time);
    }

    /** {@code m}: the buyer was the maker, so the seller took. */
    private static Side taker(Fields fields) throws BadFrameException {
        return fields.flag('m') ? Side.SIDE_SELL : Side.SIDE_BUY;
    }

    private CharSequence text(long number) {
        id.setLength(0);
        return id.append(number);
    }

    private void chain(Symbol symbol, Symbol.IdChain chain, long number, long time) {
        long expected = chain.missingFrom(number);
        if (expected != EventEncoder.ABSENT) {
            recorder.missedTrades(symbol.instrument, chain.lastTime(), time, expected, number);
        }
    }

    /** Of spot it has no exchange time. */
    private void bookTicker(Fields fields) throws BadFrameException {
        Symbol symbol = symbol(fields);
        long updateId = fields.id('u');
        Decimal38 bidPrice = optional(fields, 'b', first);
        Decimal38 bidSize = optional(fields, 'B', second);
        Decimal38 askPrice = optional(fields, 'a', third);
        Decimal38 askSize = optional(fields, 'A', fourth);
        long time = fields.has('T') ? fields.time('T') : EventEncoder.ABSENT;
        symbol.quoteId = Math.max(symbol.quoteId, updateId);
        recorder.quote(symbol.instrument, time, bidPrice, bidSize, askPrice, askSize, updateId);
    }

    private static @Nullable Decimal38 optional(Fields fields, char letter, Decimal38 target) throws BadFrameException {
        return fields.optionalDecimal(letter, target) ? target : null;
    }

    private void depthUpdate(Fields fields, byte[] bytes, int offset, int length) throws BadFrameException {
        Symbol symbol = symbol(fields);
        long firstId = fields.id('U');
        long lastId = fields.id('u');
        long previous = message.previousId;
        // Futures tell the matching engine's time as well as that of the message.
        long time = fields.time(fields.has('T') ? 'T' : 'E');
        if (plan.site().isLinked() && previous == EventEncoder.ABSENT) {
            throw new BadFrameException(Reason.MISSING_FIELD, "a change of depth without pu");
        }
        if (!message.hasBids || !message.hasAsks) {
            throw new BadFrameException(Reason.MISSING_FIELD, "a change of depth without a side");
        }
        if (firstId > lastId) {
            throw new BadFrameException(Reason.BAD_NUMBER, "U " + firstId + " is behind u " + lastId);
        }
        symbol.depthId = Math.max(symbol.depthId, lastId);
        boolean inStep = false;
        BookSync book = symbol.book;
        if (book != null) {
            BookSync.Outcome outcome = book.change(message, firstId, lastId, previous, time, bytes, offset, length);
            inStep = outcome == BookSync.Outcome.APPLIED || outcome == BookSync.Outcome.EXHAUSTED;
            if (inStep || outcome == BookSync.Outcome.GAP) {
                recorder.bookChecked(inStep);
            }
            if (outcome == BookSync.Outcome.GAP) {
                Gap.Builder gap = Gap.newBuilder()
                        .setReason(GapReason.GAP_REASON_SEQUENCE)
                        .setGapChannel(Channel.BOOK_DELTAS.label())
                        .setToTime(time)
                        .setExpectedId(book.expected())
                        .setReceivedId(plan.site().isLinked() ? previous : firstId);
                if (book.gapSince() != EventEncoder.ABSENT) {
                    gap.setFromTime(book.gapSince());
                }
                recorder.gap(symbol.instrument, gap.build());
            }
        }
        recorder.bookDelta(
                symbol.instrument,
                time,
                firstId,
                lastId,
                previous,
                message.bids,
                message.asks,
                EventEncoder.ABSENT,
                inStep);
        if (book != null && !book.isSynchronised() && !book.isUnfit()) {
            snapshots.request(symbol);
        }
    }

    /** Called within the batch that holds the answer as a frame; says whether the book is settled. */
    private boolean snapshot(Symbol symbol, byte[] body, int length) throws BadFrameException {
        message.parse(body, 0, length);
        if (message.lastUpdateId == EventEncoder.ABSENT || !message.hasBids || !message.hasAsks) {
            throw new BadFrameException(Reason.MALFORMED, "no depth snapshot");
        }
        recorder.bookSnapshot(symbol.instrument, message.lastUpdateId, message.bids, message.asks);
        BookSync book = symbol.book;
        if (book == null || book.isSynchronised()) {
            return true;
        }
        switch (book.start(message, snapshots.limit(), heldMessage)) {
            case SYNCHRONISED ->
                recorder.session(
                        symbol.instrument,
                        SessionChange.SESSION_CHANGE_BOOK_SYNCHRONISED,
                        "from update " + message.lastUpdateId);
            case TOO_OLD -> {
                return false;
            }
            case UNFIT -> {
                return true;
            }
        }
        return true;
    }

    /** A candle is recorded when it is closed; its time is its opening time. */
    private void kline(Fields fields, Fields candle) throws BadFrameException {
        Symbol symbol = symbol(fields);
        if (!message.hasCandle) {
            throw new BadFrameException(Reason.MISSING_FIELD, "a kline without k");
        }
        symbol.candleTime = Math.max(symbol.candleTime, fields.time('E'));
        if (!candle.flag('x')) {
            return;
        }
        String interval = candle.text('i');
        if (!Channel.INTERVAL.matcher(interval).matches()) {
            throw new BadFrameException(Reason.UNKNOWN_TYPE, "kline of interval " + interval);
        }
        long openTime = candle.time('t');
        Bar.Builder bar = Bar.newBuilder()
                .setTimeframe(interval)
                .setOpenTime(openTime)
                .setTradeCount(candle.id('n'))
                .setComplete(true)
                .setVendor(plan.source() + "-native");
        candle.decimal('o', first);
        bar.setOpen(Events.decimal(first));
        candle.decimal('h', first);
        bar.setHigh(Events.decimal(first));
        candle.decimal('l', first);
        bar.setLow(Events.decimal(first));
        candle.decimal('c', first);
        bar.setClose(Events.decimal(first));
        candle.decimal('v', first);
        bar.setVolume(Events.decimal(first));
        if (candle.optionalDecimal('q', first)) {
            bar.setQuoteVolume(Events.decimal(first));
        }
        recorder.other(
                symbol.instrument,
                Channel.nativeBars(interval),
                openTime,
                Envelope.newBuilder().setBar(bar).build());
    }

    private void ticker(Fields fields) throws BadFrameException {
        Symbol symbol = symbol(fields);
        long time = fields.time('E');
        symbol.tickerTime = Math.max(symbol.tickerTime, time);
        boolean mini = fields.textEquals('e', "24hrMiniTicker");
        Ticker.Builder ticker = Ticker.newBuilder();
        put(fields, 'c', value -> ticker.setLastPrice(Events.decimal(value)));
        put(fields, 'o', value -> ticker.setOpen(Events.decimal(value)));
        put(fields, 'h', value -> ticker.setHigh(Events.decimal(value)));
        put(fields, 'l', value -> ticker.setLow(Events.decimal(value)));
        put(fields, 'v', value -> ticker.setVolume(Events.decimal(value)));
        put(fields, 'q', value -> ticker.setQuoteVolume(Events.decimal(value)));
        if (!mini) {
            put(fields, 'Q', value -> ticker.setLastSize(Events.decimal(value)));
            put(fields, 'b', value -> ticker.setBidPrice(Events.decimal(value)));
            put(fields, 'B', value -> ticker.setBidSize(Events.decimal(value)));
            put(fields, 'a', value -> ticker.setAskPrice(Events.decimal(value)));
            put(fields, 'A', value -> ticker.setAskSize(Events.decimal(value)));
        }
        recorder.other(
                symbol.instrument,
                Channel.TICKERS.label(),
                time,
                Envelope.newBuilder().setTicker(ticker).build());
    }

    private void markPrice(Fields fields) throws BadFrameException {
        Symbol symbol = symbol(fields);
        symbol.markTime = Math.max(symbol.markTime, fields.time('E'));
        Ticker.Builder ticker = Ticker.newBuilder();
        put(fields, 'p', value -> ticker.setMarkPrice(Events.decimal(value)));
        put(fields, 'i', value -> ticker.setIndexPrice(Events.decimal(value)));
        if (fields.signedDecimal('r', first)) {
            ticker.setFundingRate(Events.decimal(first));
        }
        if (fields.has('T') && fields.time('T') > 0) {
            ticker.setNextFundingTime(fields.time('T'));
        }
        recorder.other(
                symbol.instrument,
                Channel.TICKERS.label(),
                fields.time('E'),
                Envelope.newBuilder().setTicker(ticker).build());
    }

    private void put(Fields fields, char letter, Consumer<Decimal38> target) throws BadFrameException {
        if (fields.optionalDecimal(letter, first)) {
            target.accept(first);
        }
    }
}
