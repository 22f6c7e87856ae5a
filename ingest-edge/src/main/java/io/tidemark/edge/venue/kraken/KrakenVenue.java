package io.tidemark.edge.venue.kraken;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.LevelList;
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
import io.tidemark.edge.venue.Minutes;
import io.tidemark.edge.venue.SocketBook;
import io.tidemark.edge.venue.SocketPlan;
import io.tidemark.edge.venue.Subscriptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kraken's protocol v2: trades whose ids step by one per pair, tickers with every change of the top of book, candles,
 * and books whose snapshots and changes all have a checksum.
 *
 * <p>On the feed's thread only.
 */
final class KrakenVenue implements Venue {
    private static final Duration PACE = Duration.ofMillis(100);
    private static final int PAIRS_PER_REQUEST = 50;
    private static final LevelList NO_LEVELS = new LevelList();
    private static final int MOST_MINUTES = 21_600;

    private SocketPlan plan;
    private final EventRecorder recorder;
    private SymbolTable<Symbol> symbols;
    private final KrakenMessage message;
    private final Subscriptions subscriptions = new Subscriptions(Kraken::request, PAIRS_PER_REQUEST, PACE);
    private final BookRenewals renewals;
    private final Decimal38 first = new Decimal38();
    private final Decimal38 second = new Decimal38();
    private final Decimal38 third = new Decimal38();
    private final Decimal38 fourth = new Decimal38();
    private final StringBuilder id = new StringBuilder(20);

    KrakenVenue(SocketPlan plan, EventRecorder recorder) {
        this.plan = plan;
        this.recorder = recorder;
        this.symbols = table(plan, null);
        this.message = new KrakenMessage(symbols);
        this.renewals = new BookRenewals(
                recorder,
                book -> subscriptions.renew(
                        this.plan, Kraken.BOOK, List.of(book.instrument().venueSymbol())));
    }

    /** What {@code old} has already stays as it is. */
    private SymbolTable<Symbol> table(SocketPlan wanted, @Nullable SymbolTable<Symbol> old) {
        List<Symbol> all = new ArrayList<>();
        wanted.symbols().forEach((venueSymbol, name) -> {
            Symbol known = old == null ? null : old.find(venueSymbol);
            if (known == null) {
                Instrument instrument = recorder.instrument(name, venueSymbol);
                known = new Symbol(
                        instrument,
                        SocketBook.cutByVenue(
                                instrument,
                                recorder,
                                wanted.depth(),
                                Kraken.MOST_DEPTH,
                                KrakenChecksum.withZerosLeftOut()));
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
        if (message.acknowledgedSymbol != null) {
            message.acknowledgedSymbol.book.depth(message.acknowledgedDepth);
        }
        if (message.kind == KrakenMessage.Kind.TRADE) {
            trades();
            return;
        }
        for (int i = 0; i < message.size(); i++) {
            KrakenMessage.Row row = message.row(i);
            Symbol symbol = row.symbol;
            if (symbol == null) {
                continue;
            }
            switch (message.kind) {
                case BOOK -> book(symbol, row);
                case TICKER -> ticker(symbol, row);
                case OHLC -> candle(symbol, row);
                case TRADE, NONE, NOTICE -> throw new AssertionError();
            }
        }
    }

    private void trades() {
        int count = message.size();
        boolean newestFirst = count > 1 && message.row(0).tradeId > message.row(count - 1).tradeId;
        for (int i = 0; i < count; i++) {
            KrakenMessage.Row row = message.row(newestFirst ? count - 1 - i : i);
            if (row.symbol != null) {
                trade(row.symbol, row);
            }
        }
    }

    /** A subscription begins with the last trades: what was told before is a repeat, the rest fills the hole. */
    private void trade(Symbol symbol, KrakenMessage.Row row) {
        id.setLength(0);
        id.append(row.tradeId);
        if (message.snapshot && symbol.trades.begun() && !symbol.trades.isNew(row.tradeId)) {
            recorder.repeatedTrade(symbol.instrument, row.time, id, row.price, row.size, row.side);
            return;
        }
        long missing = symbol.trades.missingFrom(row.tradeId);
        if (missing != EventEncoder.ABSENT) {
            recorder.missedTrades(symbol.instrument, symbol.trades.lastTime(), row.time, missing, row.tradeId);
        }
        recorder.trade(symbol.instrument, row.time, id, row.tradeId, row.price, row.size, row.side, true);
        symbol.trades.advance(row.tradeId, row.time);
    }

    private void book(Symbol symbol, KrakenMessage.Row row) {
        LevelList bids = row.bids == null ? NO_LEVELS : row.bids;
        LevelList asks = row.asks == null ? NO_LEVELS : row.asks;
        SocketBook book = symbol.book;
        if (message.snapshot) {
            book.snapshot(row.time, EventEncoder.ABSENT, bids, asks, row.checksum);
        } else {
            book.change(
                    row.time, EventEncoder.ABSENT, EventEncoder.ABSENT, EventEncoder.ABSENT, bids, asks, row.checksum);
        }
        if (!book.inStep()) {
            renewals.wanted(book);
        }
    }

    private void ticker(Symbol symbol, KrakenMessage.Row row) throws BadFrameException {
        Values values = row.values;
        Decimal38 bid = values.decimal(KrakenMessage.BID, "bid", first) ? first : null;
        Decimal38 bidSize = values.decimal(KrakenMessage.BID_SIZE, "bid_qty", second) ? second : null;
        Decimal38 ask = values.decimal(KrakenMessage.ASK, "ask", third) ? third : null;
        Decimal38 askSize = values.decimal(KrakenMessage.ASK_SIZE, "ask_qty", fourth) ? fourth : null;
        recorder.quote(symbol.instrument, row.time, bid, bidSize, ask, askSize, EventEncoder.ABSENT);
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
        if (values.decimal(KrakenMessage.LAST, "last", first)) {
            ticker.setLastPrice(Events.decimal(first));
        }
        if (values.decimal(KrakenMessage.LOW, "low", first)) {
            ticker.setLow(Events.decimal(first));
        }
        if (values.decimal(KrakenMessage.HIGH, "high", first)) {
            ticker.setHigh(Events.decimal(first));
        }
        if (values.decimal(KrakenMessage.VOLUME, "volume", first)) {
            ticker.setVolume(Events.decimal(first));
        }
        recorder.other(
                symbol.instrument,
                Channel.TICKERS.label(),
                row.time,
                Envelope.newBuilder().setTicker(ticker).build());
    }

    /** Told while it grows. */
    private void candle(Symbol symbol, KrakenMessage.Row row) throws BadFrameException {
        Values values = row.values;
        long minutes = values.whole(KrakenMessage.INTERVAL, "interval");
        if (minutes < 1 || minutes > MOST_MINUTES) {
            throw new BadFrameException(Reason.UNKNOWN_TYPE, "a candle of " + minutes + " minutes");
        }
        Bar.Builder bar = Bar.newBuilder()
                .setTimeframe(Minutes.timeframe((int) minutes))
                .setOpenTime(row.begin)
                .setTradeCount(values.whole(KrakenMessage.TRADES, "trades"))
                .setComplete(true)
                .setVendor(plan.source() + "-native");
        values.needDecimal(KrakenMessage.OPEN, "open", first);
        bar.setOpen(Events.decimal(first));
        values.needDecimal(KrakenMessage.HIGH, "high", first);
        bar.setHigh(Events.decimal(first));
        values.needDecimal(KrakenMessage.LOW, "low", first);
        bar.setLow(Events.decimal(first));
        values.needDecimal(KrakenMessage.CLOSE, "close", first);
        bar.setClose(Events.decimal(first));
        values.needDecimal(KrakenMessage.VOLUME, "volume", first);
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
