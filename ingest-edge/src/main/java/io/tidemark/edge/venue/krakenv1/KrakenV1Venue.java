package io.tidemark.edge.venue.krakenv1;

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
import io.tidemark.edge.feed.Venue;
import io.tidemark.edge.feed.VenueLink;
import io.tidemark.edge.feed.VenuePlan;
import io.tidemark.edge.message.SymbolTable;
import io.tidemark.edge.message.Values;
import io.tidemark.edge.venue.BookRenewals;
import io.tidemark.edge.venue.Minutes;
import io.tidemark.edge.venue.SocketBook;
import io.tidemark.edge.venue.SocketPlan;
import io.tidemark.edge.venue.Subscriptions;
import io.tidemark.edge.venue.TradeList;
import io.tidemark.edge.venue.kraken.KrakenChecksum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kraken's protocol v1: trades without ids, spreads, tickers, candles, and books whose every change has a checksum.
 *
 * <p>On the feed's thread only.
 */
final class KrakenV1Venue implements Venue {
    private static final Duration PACE = Duration.ofMillis(100);
    private static final int PAIRS_PER_REQUEST = 50;
    private static final long NANOS_PER_MINUTE = 60_000_000_000L;

    private SocketPlan plan;
    private final EventRecorder recorder;
    private SymbolTable<Symbol> symbols;
    private final KrakenV1Message message;
    private final Subscriptions subscriptions = new Subscriptions(KrakenV1::request, PAIRS_PER_REQUEST, PACE);
    private final BookRenewals renewals;
    private final Decimal38 first = new Decimal38();
    private final Decimal38 second = new Decimal38();
    private final Decimal38 third = new Decimal38();
    private final Decimal38 fourth = new Decimal38();

    KrakenV1Venue(SocketPlan plan, EventRecorder recorder) {
        this.plan = plan;
        this.recorder = recorder;
        this.symbols = table(plan, null);
        this.message = new KrakenV1Message(symbols);
        this.renewals = new BookRenewals(
                recorder,
                book -> subscriptions.renew(
                        this.plan, KrakenV1.BOOK, List.of(book.instrument().venueSymbol())));
    }

    /** What {@code old} has already stays as it is. */
    private SymbolTable<Symbol> table(SocketPlan wanted, @Nullable SymbolTable<Symbol> old) {
        List<Symbol> all = new ArrayList<>();
        wanted.symbols().forEach((venueSymbol, name) -> {
            Symbol known = old == null ? null : old.find(venueSymbol);
            if (known == null) {
                io.tidemark.edge.feed.Instrument instrument = recorder.instrument(name, venueSymbol);
                known = new Symbol(
                        instrument,
                        SocketBook.cutByVenue(
                                instrument, recorder, wanted.depth(), KrakenV1.MOST_DEPTH, KrakenChecksum.asSpelled()));
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
        subscriptions.opened(link, plan);
        renewals.opened(link);
    }

    @Override
    public void closed() {
        subscriptions.closed();
        renewals.closed();
        for (Symbol symbol : symbols.all()) {
            symbol.book.interrupted();
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

    @Override
    public void frame(byte[] bytes, int offset, int length) throws BadFrameException {
        message.parse(bytes, offset, length, symbols);
        Symbol symbol = message.symbol;
        if (symbol == null) {
            event();
            return;
        }
        switch (message.kind) {
            case TRADE -> trades(symbol);
            case SPREAD -> spread(symbol);
            case TICKER -> ticker(symbol);
            case BOOK -> book(symbol);
            case OHLC -> candle(symbol);
            case EVENT -> throw new AssertionError();
        }
    }

    private void event() throws BadFrameException {
        if (!message.error.isEmpty()) {
            throw new BadFrameException(Reason.REFUSED, message.event + ": " + message.error);
        }
        switch (message.event) {
            case "heartbeat", "systemStatus", "subscriptionStatus", "pong", "ping" -> {}
            default -> throw new BadFrameException(Reason.UNKNOWN_TYPE, "event " + message.event);
        }
    }

    private void trades(Symbol symbol) {
        for (int i = 0; i < message.trades.size(); i++) {
            TradeList.Entry trade = message.trades.get(i);
            recorder.trade(
                    symbol.instrument, trade.time, trade.id, trade.number, trade.price, trade.size, trade.side, true);
        }
    }

    /** {@code [bid, ask, time, bidVolume, askVolume]}. */
    private void spread(Symbol symbol) throws BadFrameException {
        Values values = message.values;
        long time = values.seconds(2, "time");
        Decimal38 bid = values.decimal(0, "bid", first) ? first : null;
        Decimal38 ask = values.decimal(1, "ask", second) ? second : null;
        Decimal38 bidSize = values.decimal(3, "bidVolume", third) ? third : null;
        Decimal38 askSize = values.decimal(4, "askVolume", fourth) ? fourth : null;
        symbol.spreads = true;
        recorder.quote(symbol.instrument, time, bid, bidSize, ask, askSize, EventEncoder.ABSENT);
    }

    /** Prices have whole and exact volumes behind them; the exact one stands last. There is no time. */
    private void ticker(Symbol symbol) throws BadFrameException {
        Values values = message.values;
        Decimal38 ask = values.decimal(KrakenV1Message.ASK, "a", first) ? first : null;
        Decimal38 askSize = values.decimal(KrakenV1Message.ASK + 2, "a", second) ? second : null;
        Decimal38 bid = values.decimal(KrakenV1Message.BID, "b", third) ? third : null;
        Decimal38 bidSize = values.decimal(KrakenV1Message.BID + 2, "b", fourth) ? fourth : null;
        if (!symbol.spreads) {
            recorder.quote(symbol.instrument, EventEncoder.ABSENT, bid, bidSize, ask, askSize, EventEncoder.ABSENT);
        }
        Ticker.Builder ticker = Ticker.newBuilder();
        if (ask != null) {
            ticker.setAskPrice(Events.decimal(ask));
        }
        if (askSize != null) {
            ticker.setAskSize(Events.decimal(askSize));
        }
        if (bid != null) {
            ticker.setBidPrice(Events.decimal(bid));
        }
        if (bidSize != null) {
            ticker.setBidSize(Events.decimal(bidSize));
        }
        if (values.decimal(KrakenV1Message.CLOSE, "c", first)) {
            ticker.setLastPrice(Events.decimal(first));
        }
        if (values.decimal(KrakenV1Message.CLOSE + 1, "c", first)) {
            ticker.setLastSize(Events.decimal(first));
        }
        // The second of each is that of the last 24 hours.
        if (values.decimal(KrakenV1Message.VOLUME + 1, "v", first)) {
            ticker.setVolume(Events.decimal(first));
        }
        if (values.decimal(KrakenV1Message.LOW + 1, "l", first)) {
            ticker.setLow(Events.decimal(first));
        }
        if (values.decimal(KrakenV1Message.HIGH + 1, "h", first)) {
            ticker.setHigh(Events.decimal(first));
        }
        if (values.decimal(KrakenV1Message.OPEN + 1, "o", first)) {
            ticker.setOpen(Events.decimal(first));
        }
        recorder.other(
                symbol.instrument,
                Channel.TICKERS.label(),
                EventEncoder.ABSENT,
                Envelope.newBuilder().setTicker(ticker).build());
    }

    private void book(Symbol symbol) {
        SocketBook book = symbol.book;
        book.depth(message.parameter);
        if (message.snapshot) {
            // Its levels have times of their own, some of them years old, and it has none.
            book.snapshot(EventEncoder.ABSENT, EventEncoder.ABSENT, message.bids, message.asks, EventEncoder.ABSENT);
            return;
        }
        boolean inStep = book.change(
                message.newest,
                EventEncoder.ABSENT,
                EventEncoder.ABSENT,
                EventEncoder.ABSENT,
                message.bids,
                message.asks,
                message.checksum);
        if (!inStep) {
            renewals.wanted(book);
        }
    }

    /** {@code [time, etime, open, high, low, close, vwap, volume, count]}: told while it grows. */
    private void candle(Symbol symbol) throws BadFrameException {
        Values values = message.values;
        String timeframe = Minutes.timeframe(message.parameter);
        long end = values.seconds(1, "etime") / NANOS_PER_MINUTE * NANOS_PER_MINUTE;
        long openTime = end - message.parameter * NANOS_PER_MINUTE;
        Bar.Builder bar = Bar.newBuilder()
                .setTimeframe(timeframe)
                .setOpenTime(openTime)
                .setTradeCount(values.whole(8, "count"))
                .setComplete(true)
                .setVendor(plan.source() + "-native");
        values.needDecimal(2, "open", first);
        bar.setOpen(Events.decimal(first));
        values.needDecimal(3, "high", first);
        bar.setHigh(Events.decimal(first));
        values.needDecimal(4, "low", first);
        bar.setLow(Events.decimal(first));
        values.needDecimal(5, "close", first);
        bar.setClose(Events.decimal(first));
        values.needDecimal(7, "volume", first);
        bar.setVolume(Events.decimal(first));
        symbol.candles.take(
                bar.build(),
                closed -> recorder.other(
                        symbol.instrument,
                        Channel.nativeBars(closed.getTimeframe()),
                        closed.getOpenTime(),
                        Envelope.newBuilder().setBar(closed).build()));
    }

    /** The book of a pair while it is in step, otherwise null; for looking at. */
    @Nullable
    OrderBook book(String venueSymbol) {
        Symbol symbol = symbols.find(venueSymbol);
        return symbol != null && symbol.book.inStep() ? symbol.book.book() : null;
    }
}
