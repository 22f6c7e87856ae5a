package io.tidemark.edge.venue.okx;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * OKX v5: trades, the top of book as its own channel or out of tickers, candles with a mark when they are over, and
 * books proved by a checksum, by the number of the message before, or by both.
 *
 * <p>The venue closes a connection on which nothing was said for half a minute, so it is pinged in its own words. On
 * the feed's thread only.
 */
final class OkxVenue implements Venue {
    private static final Duration PACE = Duration.ofMillis(150);
    private static final Duration PING = Duration.ofSeconds(20);
    private static final int INSTRUMENTS_PER_REQUEST = 100;
    /** The channel has 400 levels; those that fall out of them and come back are told. */
    private static final int KEPT_LEVELS = 500;

    private static final long NANOS_PER_MILLI = 1_000_000L;

    private SocketPlan plan;
    private final EventRecorder recorder;
    private SymbolTable<Symbol> symbols;
    private final OkxMessage message;
    private final Subscriptions subscriptions = new Subscriptions(Okx::request, INSTRUMENTS_PER_REQUEST, PACE);
    private final BookRenewals renewals;
    private final Decimal38 first = new Decimal38();
    private final Decimal38 second = new Decimal38();
    private final Decimal38 third = new Decimal38();
    private final Decimal38 fourth = new Decimal38();
    private final StringBuilder id = new StringBuilder(20);

    OkxVenue(SocketPlan plan, EventRecorder recorder) {
        this.plan = plan;
        this.recorder = recorder;
        this.symbols = table(plan, null);
        this.message = new OkxMessage(symbols);
        this.renewals = new BookRenewals(
                recorder,
                book -> subscriptions.renew(
                        this.plan, Okx.BOOK, List.of(book.instrument().venueSymbol())));
    }

    /** What {@code old} has already stays as it is. */
    private SymbolTable<Symbol> table(SocketPlan wanted, @Nullable SymbolTable<Symbol> old) {
        List<Symbol> all = new ArrayList<>();
        wanted.symbols().forEach((venueSymbol, name) -> {
            Symbol known = old == null ? null : old.find(venueSymbol);
            if (known == null) {
                Instrument instrument = recorder.instrument(name, venueSymbol);
                known = new Symbol(instrument, SocketBook.whole(instrument, recorder, KEPT_LEVELS, new OkxChecksum()));
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
        ping(link);
    }

    private void ping(VenueLink link) {
        link.after(PING, () -> {
            link.send("ping");
            ping(link);
        });
    }

    @Override
    public void closed() {
        subscriptions.closed();
        renewals.closed();
        symbols.all().forEach(symbol -> symbol.book.interrupted());
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
        if (symbol == null || message.kind == OkxMessage.Kind.NOTICE) {
            return;
        }
        for (int i = 0; i < message.size(); i++) {
            OkxMessage.Row row = message.row(i);
            switch (message.kind) {
                case TRADES -> trade(symbol, row);
                case TICKERS -> ticker(symbol, row);
                case TOP -> top(symbol, row);
                case BOOK -> book(symbol, row);
                case CANDLE -> candle(symbol, row);
                case TERMS -> terms(symbol, row);
                case NONE, NOTICE -> throw new AssertionError();
            }
        }
    }

    /** Trades of one order at one price come as one, with the last id and their number. */
    private void trade(Symbol symbol, OkxMessage.Row row) {
        long lastId = row.tradeId;
        long firstId = Math.max(0, lastId - row.count + 1);
        long missing = symbol.trades.missingFrom(firstId);
        if (missing != EventEncoder.ABSENT) {
            recorder.missedTrades(symbol.instrument, symbol.trades.lastTime(), row.time, missing, firstId);
        }
        id.setLength(0);
        id.append(lastId);
        if (row.count == 1) {
            recorder.trade(symbol.instrument, row.time, id, lastId, row.price, row.size, row.side, true);
        } else {
            recorder.aggregateTrade(
                    symbol.instrument, row.time, id, lastId, row.price, row.size, row.side, firstId, lastId, true);
        }
        symbol.trades.advance(lastId, row.time);
    }

    private void top(Symbol symbol, OkxMessage.Row row) {
        symbol.tops = true;
        Decimal38 bid = null;
        Decimal38 bidSize = null;
        Decimal38 ask = null;
        Decimal38 askSize = null;
        if (row.bids.size() > 0) {
            row.bids.price(0, first);
            row.bids.size(0, second);
            bid = first;
            bidSize = second;
        }
        if (row.asks.size() > 0) {
            row.asks.price(0, third);
            row.asks.size(0, fourth);
            ask = third;
            askSize = fourth;
        }
        recorder.quote(symbol.instrument, row.time, bid, bidSize, ask, askSize, known(row.sequence));
    }

    private void ticker(Symbol symbol, OkxMessage.Row row) throws BadFrameException {
        Values values = row.values;
        Decimal38 bid = values.decimal(OkxMessage.BID, "bidPx", first) ? first : null;
        Decimal38 bidSize = values.decimal(OkxMessage.BID_SIZE, "bidSz", second) ? second : null;
        Decimal38 ask = values.decimal(OkxMessage.ASK, "askPx", third) ? third : null;
        Decimal38 askSize = values.decimal(OkxMessage.ASK_SIZE, "askSz", fourth) ? fourth : null;
        if (!symbol.tops) {
            recorder.quote(symbol.instrument, row.time, bid, bidSize, ask, askSize, EventEncoder.ABSENT);
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
        if (values.decimal(OkxMessage.LAST, "last", first)) {
            ticker.setLastPrice(Events.decimal(first));
        }
        if (values.decimal(OkxMessage.LAST_SIZE, "lastSz", first)) {
            ticker.setLastSize(Events.decimal(first));
        }
        if (values.decimal(OkxMessage.OPEN, "open24h", first)) {
            ticker.setOpen(Events.decimal(first));
        }
        if (values.decimal(OkxMessage.HIGH, "high24h", first)) {
            ticker.setHigh(Events.decimal(first));
        }
        if (values.decimal(OkxMessage.LOW, "low24h", first)) {
            ticker.setLow(Events.decimal(first));
        }
        if (values.decimal(OkxMessage.VOLUME, "vol24h", first)) {
            ticker.setVolume(Events.decimal(first));
        }
        // Of a derivative it is in the base currency, and the volume in contracts.
        if (row.spot && values.decimal(OkxMessage.VOLUME_OF_CURRENCY, "volCcy24h", first)) {
            ticker.setQuoteVolume(Events.decimal(first));
        }
        recorder.other(
                symbol.instrument,
                Channel.TICKERS.label(),
                row.time,
                Envelope.newBuilder().setTicker(ticker).build());
    }

    /** A ticker that holds nothing else. */
    private void terms(Symbol symbol, OkxMessage.Row row) throws BadFrameException {
        Values values = row.values;
        Ticker.Builder ticker = Ticker.newBuilder();
        if (values.decimal(OkxMessage.MARK, "markPx", first)) {
            ticker.setMarkPrice(Events.decimal(first));
        }
        if (values.signedDecimal(OkxMessage.FUNDING, "fundingRate", first)) {
            ticker.setFundingRate(Events.decimal(first));
        }
        if (values.has(OkxMessage.FUNDING_TIME)) {
            ticker.setNextFundingTime(values.whole(OkxMessage.FUNDING_TIME, "fundingTime") * NANOS_PER_MILLI);
        }
        if (values.decimal(OkxMessage.OPEN_INTEREST, "oi", first)) {
            ticker.setOpenInterest(Events.decimal(first));
        }
        recorder.other(
                symbol.instrument,
                Channel.TICKERS.label(),
                row.time,
                Envelope.newBuilder().setTicker(ticker).build());
    }

    private void book(Symbol symbol, OkxMessage.Row row) {
        // Where messages are numbered the venue sends 0 for a checksum that it does not compute any more.
        boolean numbered = row.sequence != EventEncoder.ABSENT;
        long checksum = numbered && row.checksum == 0 ? EventEncoder.ABSENT : row.checksum;
        if (message.snapshot) {
            symbol.bookSequence = row.sequence;
            symbol.book.snapshot(row.time, known(row.sequence), row.bids, row.asks, checksum);
            return;
        }
        boolean follows = numbered && row.previous == symbol.bookSequence;
        if (numbered && row.previous != EventEncoder.ABSENT) {
            if (follows) {
                symbol.book.proved();
            } else if (symbol.bookSequence != EventEncoder.ABSENT) {
                if (symbol.book.inStep()) {
                    recorder.bookChecked(false);
                }
                symbol.book.missed(row.time, symbol.bookSequence, row.previous, "seqId the change follows on");
            }
        }
        symbol.bookSequence = row.sequence;
        boolean inStep = change(symbol, row, row.bids, row.asks, checksum);
        if (inStep && follows && checksum == EventEncoder.ABSENT) {
            recorder.bookChecked(true);
        }
        if (!symbol.book.inStep()) {
            renewals.wanted(symbol.book);
        }
    }

    private static boolean change(Symbol symbol, OkxMessage.Row row, LevelList bids, LevelList asks, long checksum) {
        return symbol.book.change(
                row.time, EventEncoder.ABSENT, known(row.sequence), known(row.previous), bids, asks, checksum);
    }

    /** -1 stands for none. */
    private static long known(long number) {
        return number < 0 ? EventEncoder.ABSENT : number;
    }

    private void candle(Symbol symbol, OkxMessage.Row row) throws BadFrameException {
        Values values = row.values;
        if (values.whole(OkxMessage.CANDLE_CONFIRM, "confirm") != 1) {
            return;
        }
        long openTime = values.whole(OkxMessage.CANDLE_TIME, "time of a candle") * NANOS_PER_MILLI;
        Bar.Builder bar = Bar.newBuilder()
                .setTimeframe(message.timeframe)
                .setOpenTime(openTime)
                .setComplete(true)
                .setVendor(plan.source() + "-native");
        values.needDecimal(OkxMessage.CANDLE_OPEN, "open", first);
        bar.setOpen(Events.decimal(first));
        values.needDecimal(OkxMessage.CANDLE_HIGH, "high", first);
        bar.setHigh(Events.decimal(first));
        values.needDecimal(OkxMessage.CANDLE_LOW, "low", first);
        bar.setLow(Events.decimal(first));
        values.needDecimal(OkxMessage.CANDLE_CLOSE, "close", first);
        bar.setClose(Events.decimal(first));
        values.needDecimal(OkxMessage.CANDLE_VOLUME, "volume", first);
        bar.setVolume(Events.decimal(first));
        if (values.decimal(OkxMessage.CANDLE_QUOTE_VOLUME, "volume in quote currency", first)) {
            bar.setQuoteVolume(Events.decimal(first));
        }
        recorder.other(
                symbol.instrument,
                Channel.nativeBars(message.timeframe),
                openTime,
                Envelope.newBuilder().setBar(bar).build());
    }

    /** The book of an instrument while it is in step, otherwise null; for looking at. */
    @Nullable
    OrderBook book(String venueSymbol) {
        Symbol symbol = symbols.find(venueSymbol);
        return symbol != null && symbol.book.inStep() ? symbol.book.book() : null;
    }
}
