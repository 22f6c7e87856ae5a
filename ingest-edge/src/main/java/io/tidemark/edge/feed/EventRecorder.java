package io.tidemark.edge.feed;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.LevelList;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.FrameKind;
import io.tidemark.contracts.proto.Gap;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.proto.Session;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.contracts.proto.Side;
import io.tidemark.edge.log.Journal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes one source's events into the open batch of its journal, and counts what was committed.
 *
 * <p>Used by the feed's thread only. Trades are handed to the {@link TradeListener} when their frame is known
 * to be good, so that what a rollback takes back was never built upon.
 */
public final class EventRecorder {
    private final Journal journal;
    private final EventEncoder encoder;
    private final ChannelCounts counts;
    private final Map<String, Instrument> instruments = new HashMap<>();
    private final Journal.Stream frames;
    private final PendingTrades trades = new PendingTrades();
    /** The log itself records in this stream too, behind a batch: its events are counted by its sequence. */
    private final Journal.Stream gaps;

    private final AtomicLong countedBySequence = new AtomicLong();
    private long gapsCounted;

    private AtomicLong[] pending = new AtomicLong[16];
    private int pendingCount;
    private int markedCount;
    private long receiveTime;
    private long monotonic;
    /** Read by other threads for the status. */
    private final List<StreamClock> clocks = new CopyOnWriteArrayList<>();

    /** Raw frames and book depth are left out, for want of disk. */
    private boolean thinned;

    private boolean skipped;
    private long latestExchangeTime = EventEncoder.ABSENT;
    private long missedFrom = EventEncoder.ABSENT;
    private boolean missedMessages;
    private int checksPassed;
    private int checksFailed;
    private final AtomicLong bookChecksPassed = new AtomicLong();
    private final AtomicLong bookChecksFailed = new AtomicLong();

    public EventRecorder(Journal journal, ChannelCounts counts) {
        this.journal = journal;
        this.encoder = journal.encoder();
        this.counts = counts;
        this.frames = connection(journal, Channel.FRAMES);
        this.gaps = connection(journal, Channel.GAPS);
        this.gapsCounted = gaps.sequence();
    }

    /** The one object of a symbol. */
    public Instrument instrument(String symbol, String venueSymbol) {
        return instruments.computeIfAbsent(symbol, key -> new Instrument(journal, key, venueSymbol, clocks));
    }

    /** Of the busier channels of each instrument, those that had an event. */
    List<StreamClock> clocks() {
        return clocks;
    }

    /** Whether the open batch holds more than its frame. */
    boolean holdsEvents() {
        return skipped || pendingCount > markedCount;
    }

    /** When the frame of the open batch was received. */
    public long receiveTime() {
        return receiveTime;
    }

    /** Begins a batch. Throws {@code LogUnavailableException} while the log takes none. */
    void begin(long newReceiveTime, long now) {
        journal.ready(newReceiveTime);
        skipped = false;
        monotonic = now;
        missedFrom = EventEncoder.ABSENT;
        receiveTime = newReceiveTime;
        latestExchangeTime = EventEncoder.ABSENT;
        pendingCount = 0;
        markedCount = 0;
        trades.clear();
        missedMessages = false;
        forgetChecks();
    }

    private void forgetChecks() {
        checksPassed = 0;
        checksFailed = 0;
    }

    /** The book kept here was held against the venue's checksum or, where it has none, its update ids. */
    public void bookChecked(boolean agrees) {
        if (agrees) {
            checksPassed++;
        } else {
            checksFailed++;
        }
    }

    long bookChecksPassed() {
        return bookChecksPassed.get();
    }

    long bookChecksFailed() {
        return bookChecksFailed.get();
    }

    void thin(boolean on) {
        thinned = on;
    }

    void frame(FrameKind kind, byte[] payload, int offset, int length) {
        if (thinned) {
            return;
        }
        encoder.frame(frames.head(), frames.sequence(), receiveTime, kind, payload, offset, length, "");
        add(frames);
    }

    void restFrame(Instrument instrument, String request, byte[] payload, int length) {
        if (thinned) {
            return;
        }
        Journal.Stream stream = instrument.stream(Channel.FRAMES.label(), Connector.REST);
        encoder.frame(
                stream.head(), stream.sequence(), receiveTime, FrameKind.FRAME_KIND_TEXT, payload, 0, length, request);
        add(stream);
    }

    /** {@code id} names the trade; {@code number} is the same as a number, or {@code ABSENT}. */
    public void trade(
            Instrument instrument,
            long exchangeTime,
            CharSequence id,
            long number,
            Decimal38 price,
            Decimal38 size,
            Side side,
            boolean forBars) {
        aggregateTrade(
                instrument,
                exchangeTime,
                id,
                number,
                price,
                size,
                side,
                EventEncoder.ABSENT,
                EventEncoder.ABSENT,
                forBars);
    }

    public void aggregateTrade(
            Instrument instrument,
            long exchangeTime,
            CharSequence id,
            long number,
            Decimal38 price,
            Decimal38 size,
            Side side,
            long firstTradeId,
            long lastTradeId,
            boolean forBars) {
        trade(instrument, exchangeTime, id, number, price, size, side, firstTradeId, lastTradeId, false, forBars);
    }

    /** A trade that the venue itself marks as told before: recorded as such, and part of no bar. */
    public void repeatedTrade(
            Instrument instrument, long exchangeTime, CharSequence id, Decimal38 price, Decimal38 size, Side side) {
        trade(
                instrument,
                exchangeTime,
                id,
                EventEncoder.ABSENT,
                price,
                size,
                side,
                EventEncoder.ABSENT,
                EventEncoder.ABSENT,
                true,
                false);
    }

    private void trade(
            Instrument instrument,
            long exchangeTime,
            CharSequence id,
            long number,
            Decimal38 price,
            Decimal38 size,
            Side side,
            long firstTradeId,
            long lastTradeId,
            boolean repeated,
            boolean forBars) {
        instrument.heard(Channel.TRADES, monotonic);
        Journal.Stream stream = instrument.trades();
        encoder.trade(
                stream.head(),
                stream.sequence(),
                receiveTime,
                exchangeTime,
                id,
                price,
                size,
                side,
                firstTradeId,
                lastTradeId,
                repeated);
        add(stream);
        if (!repeated) {
            heard(exchangeTime);
        }
        if (forBars) {
            trades.add(instrument, exchangeTime, number, price, size, missedFrom);
            missedFrom = EventEncoder.ABSENT;
        }
    }

    public void quote(
            Instrument instrument,
            long exchangeTime,
            @Nullable Decimal38 bidPrice,
            @Nullable Decimal38 bidSize,
            @Nullable Decimal38 askPrice,
            @Nullable Decimal38 askSize,
            long updateId) {
        instrument.heard(Channel.QUOTES, monotonic);
        Journal.Stream stream = instrument.quotes();
        encoder.quote(
                stream.head(),
                stream.sequence(),
                receiveTime,
                exchangeTime,
                bidPrice,
                bidSize,
                askPrice,
                askSize,
                updateId);
        add(stream);
        heard(exchangeTime);
    }

    public void bookDelta(
            Instrument instrument,
            long exchangeTime,
            long firstUpdateId,
            long lastUpdateId,
            LevelList bids,
            LevelList asks,
            boolean synchronised) {
        bookDelta(
                instrument,
                exchangeTime,
                firstUpdateId,
                lastUpdateId,
                EventEncoder.ABSENT,
                bids,
                asks,
                EventEncoder.ABSENT,
                synchronised);
    }

    /** Ids, checksum and time are {@code ABSENT} where the venue gives none. */
    public void bookDelta(
            Instrument instrument,
            long exchangeTime,
            long firstUpdateId,
            long lastUpdateId,
            long previousUpdateId,
            LevelList bids,
            LevelList asks,
            long checksum,
            boolean synchronised) {
        instrument.heard(Channel.BOOK_DELTAS, monotonic);
        if (thinned) {
            skipped = true;
            heard(exchangeTime);
            return;
        }
        Journal.Stream stream = instrument.deltas();
        encoder.bookDelta(
                stream.head(),
                stream.sequence(),
                receiveTime,
                exchangeTime,
                firstUpdateId,
                lastUpdateId,
                previousUpdateId,
                bids,
                asks,
                checksum,
                synchronised);
        add(stream);
        heard(exchangeTime);
    }

    /** A snapshot by REST, which has no exchange time. */
    public void bookSnapshot(Instrument instrument, long lastUpdateId, LevelList bids, LevelList asks) {
        bookSnapshot(
                instrument.snapshots(Connector.REST),
                EventEncoder.ABSENT,
                lastUpdateId,
                bids,
                asks,
                EventEncoder.ABSENT);
    }

    /** A snapshot in a message of the socket. Ids, checksum and time are {@code ABSENT} where the venue gives none. */
    public void socketSnapshot(
            Instrument instrument,
            long exchangeTime,
            long lastUpdateId,
            LevelList bids,
            LevelList asks,
            long checksum) {
        bookSnapshot(instrument.snapshots(Connector.WS), exchangeTime, lastUpdateId, bids, asks, checksum);
        heard(exchangeTime);
    }

    private void bookSnapshot(
            Journal.Stream stream,
            long exchangeTime,
            long lastUpdateId,
            LevelList bids,
            LevelList asks,
            long checksum) {
        if (thinned) {
            skipped = true;
            heard(exchangeTime);
            return;
        }
        encoder.bookSnapshot(
                stream.head(), stream.sequence(), receiveTime, exchangeTime, lastUpdateId, bids, asks, checksum);
        add(stream);
    }

    /** A bar built here; its exchange time is its opening time. */
    public void bar(
            Instrument instrument,
            String timeframe,
            long openTime,
            Decimal38 open,
            Decimal38 high,
            Decimal38 low,
            Decimal38 close,
            Decimal38 volume,
            long tradeCount,
            int revision,
            boolean complete) {
        Journal.Stream stream = instrument.stream(Channel.bars(timeframe), Connector.WS);
        encoder.bar(
                stream.head(),
                stream.sequence(),
                receiveTime,
                openTime,
                timeframe,
                openTime,
                open,
                high,
                low,
                close,
                volume,
                tradeCount,
                revision,
                complete,
                stream.head().source());
        add(stream);
    }

    /** An event of a rarer kind; {@code event} holds the kind's own field only. */
    public void other(Instrument instrument, String channel, long exchangeTime, Envelope event) {
        other(instrument.stream(channel, Connector.WS), exchangeTime, event);
    }

    private void other(Journal.Stream stream, long exchangeTime, Envelope event) {
        encoder.encode(stream.head(), stream.sequence(), receiveTime, exchangeTime, event);
        add(stream);
    }

    public void gap(Instrument instrument, Gap gap) {
        other(
                instrument.stream(Channel.GAPS.label(), Connector.WS),
                EventEncoder.ABSENT,
                Envelope.newBuilder().setGap(gap).build());
    }

    /** Trades are missing between {@code fromTime} and the trade that is recorded next. */
    public void missedTrades(Instrument instrument, long fromTime, long toTime, long expectedId, long receivedId) {
        gap(
                instrument,
                Gap.newBuilder()
                        .setReason(GapReason.GAP_REASON_SEQUENCE)
                        .setGapChannel(Channel.TRADES.label())
                        .setFromTime(fromTime)
                        .setToTime(toTime)
                        .setExpectedId(expectedId)
                        .setReceivedId(receivedId)
                        .build());
        missedFrom = fromTime;
    }

    /**
     * Messages of the connection are missing, as its own numbering shows: of whatever instrument and channel. What
     * bars span the time between is not whole.
     */
    public void missedMessages(long fromTime, long toTime, long expectedId, long receivedId) {
        Gap.Builder gap = Gap.newBuilder()
                .setReason(GapReason.GAP_REASON_SEQUENCE)
                .setToTime(toTime)
                .setExpectedId(expectedId)
                .setReceivedId(receivedId)
                .setDetail("messages of the connection");
        if (fromTime != EventEncoder.ABSENT) {
            gap.setFromTime(fromTime);
        }
        other(gaps, EventEncoder.ABSENT, Envelope.newBuilder().setGap(gap).build());
        missedMessages = true;
    }

    /** Of the whole connection. */
    void gap(GapReason reason, long fromTime, long toTime, String detail) {
        other(
                gaps,
                EventEncoder.ABSENT,
                Envelope.newBuilder()
                        .setGap(Gap.newBuilder()
                                .setReason(reason)
                                .setFromTime(fromTime)
                                .setToTime(toTime)
                                .setDetail(detail))
                        .build());
    }

    void session(SessionChange change, String detail) {
        session(connection(journal, Channel.SESSIONS), change, detail);
    }

    public void session(Instrument instrument, SessionChange change, String detail) {
        session(instrument.stream(Channel.SESSIONS.label(), Connector.WS), change, detail);
    }

    private void session(Journal.Stream stream, SessionChange change, String detail) {
        other(
                stream,
                EventEncoder.ABSENT,
                Envelope.newBuilder()
                        .setSession(Session.newBuilder().setChange(change).setDetail(detail))
                        .build());
    }

    private static Journal.Stream connection(Journal journal, Channel channel) {
        return journal.stream(channel.label(), Channel.WHOLE_CONNECTION, "", Connector.WS);
    }

    private void heard(long exchangeTime) {
        if (exchangeTime != EventEncoder.ABSENT) {
            latestExchangeTime = Math.max(latestExchangeTime, exchangeTime);
        }
    }

    private void add(Journal.Stream stream) {
        journal.add(stream);
        if (pendingCount == pending.length) {
            pending = Arrays.copyOf(pending, pendingCount * 2);
        }
        pending[pendingCount++] =
                stream == gaps ? countedBySequence : counts.of(stream.head().channel());
    }

    void mark() {
        journal.mark();
        markedCount = pendingCount;
    }

    void rollback() {
        journal.rollback();
        pendingCount = markedCount;
        latestExchangeTime = EventEncoder.ABSENT;
        trades.clear();
        missedMessages = false;
        forgetChecks();
    }

    /** Forgets the whole batch, its frame too. */
    void abandon() {
        journal.abandon();
        pendingCount = 0;
        markedCount = 0;
        trades.clear();
        forgetChecks();
    }

    /** The frame is good: its times and trades are passed on. */
    void release(TradeListener listener) {
        if (missedMessages) {
            missedMessages = false;
            listener.interrupted();
        }
        if (latestExchangeTime != EventEncoder.ABSENT) {
            listener.heard(latestExchangeTime, receiveTime);
        }
        trades.release(listener);
    }

    void commit() {
        if (checksPassed + checksFailed > 0) {
            bookChecksPassed.addAndGet(checksPassed);
            bookChecksFailed.addAndGet(checksFailed);
            forgetChecks();
        }
        if (pendingCount == 0) {
            return;
        }
        journal.commit();
        for (int i = 0; i < pendingCount; i++) {
            pending[i].incrementAndGet();
        }
        if (gaps.sequence() != gapsCounted) {
            counts.of(Channel.GAPS.label()).addAndGet(gaps.sequence() - gapsCounted);
            gapsCounted = gaps.sequence();
        }
        pendingCount = 0;
        markedCount = 0;
    }
}
