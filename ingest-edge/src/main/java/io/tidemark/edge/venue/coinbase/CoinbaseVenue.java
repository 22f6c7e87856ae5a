package io.tidemark.edge.venue.coinbase;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Side;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Coinbase Exchange: matches whose ids step by one per product, tickers with the top of book, and books whose changes
 * have no number at all.
 *
 * <p>That something was lost shows only where a trade is missing; the book of that product is then asked for anew.
 * On the feed's thread only.
 */
final class CoinbaseVenue implements Venue {
    private static final Duration PACE = Duration.ofMillis(125);
    private static final int PRODUCTS_PER_REQUEST = 100;

    private SocketPlan plan;
    private final EventRecorder recorder;
    private SymbolTable<Symbol> symbols;
    private final CoinbaseMessage message;
    private final Subscriptions subscriptions = new Subscriptions(Coinbase::request, PRODUCTS_PER_REQUEST, PACE);
    private final BookRenewals renewals;
    private final Decimal38 first = new Decimal38();
    private final Decimal38 second = new Decimal38();
    private final Decimal38 third = new Decimal38();
    private final Decimal38 fourth = new Decimal38();
    private final StringBuilder id = new StringBuilder(20);

    CoinbaseVenue(SocketPlan plan, EventRecorder recorder) {
        this.plan = plan;
        this.recorder = recorder;
        this.symbols = table(plan, null);
        this.message = new CoinbaseMessage(symbols);
        this.renewals = new BookRenewals(recorder, this::renew);
    }

    private void renew(SocketBook book) {
        for (String stream : Coinbase.BOOKS) {
            subscriptions.renew(plan, stream, List.of(book.instrument().venueSymbol()));
        }
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
        subscriptions.opened(link, plan);
        renewals.opened(link);
    }

    @Override
    public void closed() {
        subscriptions.closed();
        renewals.closed();
        for (Symbol symbol : symbols.all()) {
            symbol.book.interrupted();
            symbol.tradesHeard = false;
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
        try {
            message.parse(bytes, offset, length, symbols);
            record();
        } catch (BadFrameException e) {
            if (e.reason() != Reason.UNKNOWN_SYMBOL
                    && e.reason() != Reason.UNKNOWN_TYPE
                    && e.reason() != Reason.REFUSED) {
                lost();
            }
            throw e;
        }
    }

    /** What could not be read may have been a change of a book, and nothing that comes later would tell. */
    private void lost() {
        Symbol symbol = message.symbol;
        if (symbol == null) {
            distrust();
        } else if (message.kind != CoinbaseMessage.Kind.MATCH && message.kind != CoinbaseMessage.Kind.TICKER) {
            symbol.book.doubt();
        }
    }

    private void record() throws BadFrameException {
        Symbol symbol = message.symbol;
        if (message.kind == CoinbaseMessage.Kind.ERROR) {
            throw new BadFrameException(Reason.REFUSED, message.error);
        }
        if (symbol == null || message.kind == CoinbaseMessage.Kind.NOTICE) {
            return;
        }
        switch (message.kind) {
            case MATCH, LAST_MATCH -> match(symbol);
            case TICKER -> ticker(symbol);
            case SNAPSHOT ->
                symbol.book.snapshot(
                        message.time, EventEncoder.ABSENT, message.bids, message.asks, EventEncoder.ABSENT);
            case CHANGES -> changes(symbol);
            case NONE, NOTICE, ERROR -> throw new AssertionError();
        }
    }

    private void match(Symbol symbol) throws BadFrameException {
        message.values.needDecimal(CoinbaseMessage.PRICE, "price", first);
        message.values.needDecimal(CoinbaseMessage.SIZE, "size", second);
        // The message has the maker's side.
        Side taker = message.side == Side.SIDE_BUY ? Side.SIDE_SELL : Side.SIDE_BUY;
        long number = message.tradeId;
        long time = message.time;
        id.setLength(0);
        id.append(number);
        boolean again = message.kind == CoinbaseMessage.Kind.LAST_MATCH
                && !(symbol.trades.begun() && symbol.trades.isNew(number));
        if (again) {
            recorder.repeatedTrade(symbol.instrument, time, id, first, second, taker);
        } else {
            long expected = symbol.trades.missingFrom(number);
            if (expected != EventEncoder.ABSENT) {
                recorder.missedTrades(symbol.instrument, symbol.trades.lastTime(), time, expected, number);
                if (symbol.tradesHeard) {
                    symbol.book.missed(time, EventEncoder.ABSENT, EventEncoder.ABSENT, "trades were missed");
                }
            }
            recorder.trade(symbol.instrument, time, id, number, first, second, taker, true);
        }
        symbol.trades.advance(number, time);
        symbol.tradesHeard = true;
    }

    private void ticker(Symbol symbol) throws BadFrameException {
        Values values = message.values;
        Decimal38 bid = values.decimal(CoinbaseMessage.BID, "best_bid", first) ? first : null;
        Decimal38 bidSize = values.decimal(CoinbaseMessage.BID_SIZE, "best_bid_size", second) ? second : null;
        Decimal38 ask = values.decimal(CoinbaseMessage.ASK, "best_ask", third) ? third : null;
        Decimal38 askSize = values.decimal(CoinbaseMessage.ASK_SIZE, "best_ask_size", fourth) ? fourth : null;
        recorder.quote(symbol.instrument, message.time, bid, bidSize, ask, askSize, EventEncoder.ABSENT);
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
        if (values.decimal(CoinbaseMessage.PRICE, "price", first)) {
            ticker.setLastPrice(Events.decimal(first));
        }
        if (values.decimal(CoinbaseMessage.SIZE, "last_size", first)) {
            ticker.setLastSize(Events.decimal(first));
        }
        if (values.decimal(CoinbaseMessage.OPEN, "open_24h", first)) {
            ticker.setOpen(Events.decimal(first));
        }
        if (values.decimal(CoinbaseMessage.HIGH, "high_24h", first)) {
            ticker.setHigh(Events.decimal(first));
        }
        if (values.decimal(CoinbaseMessage.LOW, "low_24h", first)) {
            ticker.setLow(Events.decimal(first));
        }
        if (values.decimal(CoinbaseMessage.VOLUME, "volume_24h", first)) {
            ticker.setVolume(Events.decimal(first));
        }
        recorder.other(
                symbol.instrument,
                Channel.TICKERS.label(),
                message.time,
                Envelope.newBuilder().setTicker(ticker).build());
    }

    private void changes(Symbol symbol) {
        boolean inStep = symbol.book.change(
                message.time,
                EventEncoder.ABSENT,
                EventEncoder.ABSENT,
                EventEncoder.ABSENT,
                message.bids,
                message.asks,
                EventEncoder.ABSENT);
        if (!inStep || !symbol.book.inStep()) {
            renewals.wanted(symbol.book);
        }
    }

    /** The book of a product while it is in step, otherwise null; for looking at. */
    @Nullable
    OrderBook book(String venueSymbol) {
        Symbol symbol = symbols.find(venueSymbol);
        return symbol != null && symbol.book.inStep() ? symbol.book.book() : null;
    }
}
