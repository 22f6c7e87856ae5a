package io.tidemark.edge.venue.coinbaseadvanced;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Ticker;
import io.tidemark.edge.book.OrderBook;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.feed.EventRecorder;
import io.tidemark.edge.feed.Instrument;
import io.tidemark.edge.feed.Venue;
import io.tidemark.edge.feed.VenueLink;
import io.tidemark.edge.feed.VenuePlan;
import io.tidemark.edge.message.SymbolTable;
import io.tidemark.edge.message.Values;
import io.tidemark.edge.venue.BookRenewals;
import io.tidemark.edge.venue.SocketBook;
import io.tidemark.edge.venue.SocketPlan;
import io.tidemark.edge.venue.Subscriptions;
import io.tidemark.edge.venue.TradeList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Coinbase Advanced Trade: every message of a connection has the next number, whatever its channel, so a jump shows
 * that something is missing and not what; all books are then asked for anew.
 *
 * <p>A connection begins with the last trades, the newest first: what of them was told before is a repeat, what was
 * missed meanwhile fills the hole. On the feed's thread only.
 */
final class CoinbaseAdvancedVenue implements Venue {
    private static final Duration PACE = Duration.ofMillis(150);
    private static final int PRODUCTS_PER_REQUEST = 100;
    private static final String TIMEFRAME = "5m";
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private SocketPlan plan;
    private final EventRecorder recorder;
    private SymbolTable<Symbol> symbols;
    private final AdvancedMessage message;
    private final Subscriptions subscriptions =
            new Subscriptions(CoinbaseAdvanced::request, PRODUCTS_PER_REQUEST, PACE);
    private final BookRenewals renewals;
    private long expected = EventEncoder.ABSENT;
    private long lastTime = EventEncoder.ABSENT;
    private boolean newConnection;
    private final Decimal38 first = new Decimal38();
    private final Decimal38 second = new Decimal38();
    private final Decimal38 third = new Decimal38();
    private final Decimal38 fourth = new Decimal38();
    private final java.util.function.IntConsumer tradeTaker = this::trade;

    CoinbaseAdvancedVenue(SocketPlan plan, EventRecorder recorder) {
        this.plan = plan;
        this.recorder = recorder;
        this.symbols = table(plan, null);
        this.message = new AdvancedMessage(symbols);
        this.renewals = new BookRenewals(
                recorder,
                book -> subscriptions.renew(
                        this.plan,
                        CoinbaseAdvanced.BOOK,
                        List.of(book.instrument().venueSymbol())));
    }

    /** What {@code old} has already stays as it is. */
    private SymbolTable<Symbol> table(SocketPlan wanted, @Nullable SymbolTable<Symbol> old) {
        List<Symbol> all = new ArrayList<>();
        wanted.symbols().forEach((venueSymbol, name) -> {
            Symbol known = old == null ? null : old.find(venueSymbol);
            if (known == null) {
                Instrument instrument = recorder.instrument(name, venueSymbol);
                known = new Symbol(instrument, SocketBook.whole(instrument, recorder, wanted.depth(), null));
            }
            all.add(known);
        });
        return new SymbolTable<>(all, symbol -> symbol.instrument.venueSymbol());
    }

    @Override
    public String address() {
        return plan.socket();
    }

    @Override
    public void opened(VenueLink link) {
        newConnection = true;
        subscriptions.opened(link, plan);
        renewals.opened(link);
    }

    @Override
    public void closed() {
        subscriptions.closed();
        renewals.closed();
        for (Symbol symbol : symbols.all()) {
            symbol.candles.interrupted();
        }
    }

    @Override
    public void change(VenuePlan newPlan) {
        SocketPlan wanted = (SocketPlan) newPlan;
        symbols = table(wanted, symbols);
        subscriptions.change(plan, wanted);
        plan = wanted;
    }

    @Override
    public void distrust() {
        symbols.all().forEach(symbol -> symbol.book.doubt());
    }

    /** It is told elsewhere why. */
    private void leave() {
        symbols.all().forEach(symbol -> symbol.book.leave());
    }

    @Override
    public void frame(byte[] bytes, int offset, int length) throws BadFrameException {
        try {
            message.parse(bytes, offset, length, symbols);
            check();
        } catch (BadFrameException e) {
            refused(e.reason());
            throw e;
        }
        boolean inOrder = sequence();
        for (int i = 0; i < message.books(); i++) {
            book(message.book(i), inOrder);
        }
        message.forEachTradeInOrder(tradeTaker);
        for (int i = 0; i < message.tickers(); i++) {
            ticker(message.ticker(i));
        }
        for (int i = 0; i < message.candles(); i++) {
            candle(message.candle(i));
        }
    }

    /**
     * A message that is whole but not of use here is no hole. What else cannot be read is one: its number is told as
     * missing with the next message.
     */
    private void refused(Reason reason) {
        boolean harmless = reason == Reason.UNKNOWN_TYPE || reason == Reason.UNKNOWN_SYMBOL || reason == Reason.REFUSED;
        boolean next = message.sequence != EventEncoder.ABSENT
                && (message.sequence == expected || expected == EventEncoder.ABSENT || newConnection);
        if (harmless && next) {
            if (newConnection && message.sequence != expected) {
                leave();
            }
            expected = message.sequence + 1;
            newConnection = false;
        }
    }

    /** Whether all numbers can be read, before anything is recorded. */
    private void check() throws BadFrameException {
        for (int i = 0; i < message.tickers(); i++) {
            Values values = message.ticker(i).values;
            for (int place = 0; place < values.places(); place++) {
                values.decimal(place, "of a ticker", first);
            }
        }
        for (int i = 0; i < message.candles(); i++) {
            Values values = message.candle(i).values;
            for (int place = AdvancedMessage.OPEN; place <= AdvancedMessage.VOLUME; place++) {
                values.needDecimal(place, "of a candle", first);
            }
            values.whole(AdvancedMessage.START, "start");
        }
    }

    /** Whether the message is the one that was to come, or the first of its kind. */
    private boolean sequence() {
        long sequence = message.sequence;
        boolean inOrder = true;
        if (expected != EventEncoder.ABSENT && sequence != expected) {
            if (newConnection) {
                // What was missed without a connection is the feed's to tell; the books begin anew.
                leave();
            } else if (sequence > expected) {
                recorder.missedMessages(lastTime, message.timestamp, expected, sequence);
                for (Symbol symbol : symbols.all()) {
                    if (symbol.book.inStep()) {
                        recorder.bookChecked(false);
                    }
                    symbol.book.leave();
                }
            } else {
                inOrder = false;
            }
        }
        if (inOrder) {
            expected = sequence + 1;
            lastTime = message.timestamp;
        }
        newConnection = false;
        return inOrder;
    }

    private void book(AdvancedMessage.Book levels, boolean inOrder) {
        Symbol symbol = levels.symbol;
        if (symbol == null) {
            return;
        }
        if (levels.snapshot) {
            symbol.book.snapshot(message.timestamp, message.sequence, levels.bids, levels.asks, EventEncoder.ABSENT);
            return;
        }
        if (!inOrder) {
            // Told again, or too late: recorded as it came, and no part of the book.
            recorder.bookDelta(
                    symbol.instrument,
                    message.timestamp,
                    message.sequence,
                    message.sequence,
                    levels.bids,
                    levels.asks,
                    false);
            return;
        }
        boolean inStep = symbol.book.change(
                message.timestamp,
                message.sequence,
                message.sequence,
                EventEncoder.ABSENT,
                levels.bids,
                levels.asks,
                EventEncoder.ABSENT);
        if (inStep) {
            recorder.bookChecked(true);
        }
        if (!symbol.book.inStep()) {
            renewals.wanted(symbol.book);
        }
    }

    private void trade(int index) {
        TradeList.Entry trade = message.trades.get(index);
        Symbol symbol = message.tradeSymbols.get(index);
        if (message.tradesSnapshot && symbol.trades.begun() && !symbol.trades.isNew(trade.number)) {
            recorder.repeatedTrade(symbol.instrument, trade.time, trade.id, trade.price, trade.size, trade.side);
            return;
        }
        long missing = symbol.trades.missingFrom(trade.number);
        if (missing != EventEncoder.ABSENT) {
            recorder.missedTrades(symbol.instrument, symbol.trades.lastTime(), trade.time, missing, trade.number);
        }
        recorder.trade(
                symbol.instrument, trade.time, trade.id, trade.number, trade.price, trade.size, trade.side, true);
        symbol.trades.advance(trade.number, trade.time);
    }

    private void ticker(AdvancedMessage.Row row) throws BadFrameException {
        Symbol symbol = row.symbol;
        if (symbol == null) {
            return;
        }
        Values values = row.values;
        Decimal38 bid = values.decimal(AdvancedMessage.BID, "best_bid", first) ? first : null;
        Decimal38 bidSize = values.decimal(AdvancedMessage.BID_SIZE, "best_bid_quantity", second) ? second : null;
        Decimal38 ask = values.decimal(AdvancedMessage.ASK, "best_ask", third) ? third : null;
        Decimal38 askSize = values.decimal(AdvancedMessage.ASK_SIZE, "best_ask_quantity", fourth) ? fourth : null;
        // The batched ticker comes without a top of book.
        if (bid != null || ask != null) {
            recorder.quote(symbol.instrument, message.timestamp, bid, bidSize, ask, askSize, EventEncoder.ABSENT);
        }
        Ticker.Builder ticker = Ticker.newBuilder();
        if (bid != null) {
            ticker.setBidPrice(Events.decimal(bid));
        }
        if (bidSize != null) {
            ticker.setBidSize(Events.decimal(bidSize));
        }
        if (ask != null) {
            ticker.setAskPrice(Events.decimal(ask));
        }
        if (askSize != null) {
            ticker.setAskSize(Events.decimal(askSize));
        }
        if (values.decimal(AdvancedMessage.PRICE, "price", first)) {
            ticker.setLastPrice(Events.decimal(first));
        }
        if (values.decimal(AdvancedMessage.DAY_HIGH, "high_24_h", first)) {
            ticker.setHigh(Events.decimal(first));
        }
        if (values.decimal(AdvancedMessage.DAY_LOW, "low_24_h", first)) {
            ticker.setLow(Events.decimal(first));
        }
        if (values.decimal(AdvancedMessage.DAY_VOLUME, "volume_24_h", first)) {
            ticker.setVolume(Events.decimal(first));
        }
        recorder.other(
                symbol.instrument,
                Channel.TICKERS.label(),
                message.timestamp,
                Envelope.newBuilder().setTicker(ticker).build());
    }

    /** Candles of five minutes, told while they grow; a connection begins with those of the last hours. */
    private void candle(AdvancedMessage.Row row) throws BadFrameException {
        Symbol symbol = row.symbol;
        if (symbol == null) {
            return;
        }
        Values values = row.values;
        Bar.Builder bar = Bar.newBuilder()
                .setTimeframe(TIMEFRAME)
                .setOpenTime(values.whole(AdvancedMessage.START, "start") * NANOS_PER_SECOND)
                .setComplete(true)
                .setVendor(plan.source() + "-native");
        values.needDecimal(AdvancedMessage.OPEN, "open", first);
        bar.setOpen(Events.decimal(first));
        values.needDecimal(AdvancedMessage.HIGH, "high", first);
        bar.setHigh(Events.decimal(first));
        values.needDecimal(AdvancedMessage.LOW, "low", first);
        bar.setLow(Events.decimal(first));
        values.needDecimal(AdvancedMessage.CLOSE, "close", first);
        bar.setClose(Events.decimal(first));
        values.needDecimal(AdvancedMessage.VOLUME, "volume", first);
        bar.setVolume(Events.decimal(first));
        symbol.candles.take(
                bar.build(),
                closed -> recorder.other(
                        symbol.instrument,
                        Channel.nativeBars(TIMEFRAME),
                        closed.getOpenTime(),
                        Envelope.newBuilder().setBar(closed).build()));
    }

    /** The book of a product while it is in step, otherwise null; for looking at. */
    @Nullable
    OrderBook book(String venueSymbol) {
        Symbol symbol = symbols.find(venueSymbol);
        return symbol != null && symbol.book.inStep() ? symbol.book.book() : null;
    }
}
