package io.tidemark.edge.bars;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.proto.Gap;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.edge.feed.EventRecorder;
import io.tidemark.edge.feed.Instrument;
import io.tidemark.edge.feed.TradeListener;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds bars from one source's trades, by exchange time, and records them in the batch that closes them.
 *
 * <p>A bar is sent when the source's latest exchange time, plus the wall time since it was heard, has passed the
 * bar's end by the lateness. A trade that comes later changes its bar: one whose time has not passed by exchange
 * time alone waits again, any other is sent again at once, each time with the next revision. Deterministic for
 * the same record but for the wall time.
 *
 * <p>On the feed's thread only. {@link BarRebuild} fills it from the log before the first frame.
 */
public final class BarBuilder implements TradeListener {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long UNKNOWN = EventEncoder.ABSENT;

    private final List<Interval> intervals;
    private final long lateness;
    private final int kept;
    private final EventRecorder recorder;
    private final Map<String, Series[]> series = new HashMap<>();

    private long lastExchangeTime = UNKNOWN;
    private long heardAt;
    private long nextDue = NEVER;

    /** What spans this may miss trades: the last interruption, in exchange time. */
    private long interruptedFrom = UNKNOWN;

    private long interruptedTo = UNKNOWN;
    private boolean interrupted = true;

    public BarBuilder(List<String> intervals, Duration lateness, int kept, EventRecorder recorder) {
        this.intervals = intervals.stream().map(Interval::of).toList();
        this.lateness = lateness.toNanos();
        this.kept = kept;
        this.recorder = recorder;
    }

    /** What is wrong with an interval of the settings. */
    public static Optional<String> mistake(String interval) {
        try {
            Interval.of(interval);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The longest interval. */
    public Duration longest() {
        return Duration.ofNanos(
                intervals.stream().mapToLong(Interval::nanos).max().orElse(0));
    }

    @Override
    public void heard(long exchangeTime, long receiveTime) {
        if (interrupted) {
            interrupted = false;
            interruptedFrom = lastExchangeTime;
            interruptedTo = exchangeTime;
            spoil(interruptedFrom);
        }
        if (exchangeTime >= lastExchangeTime) {
            lastExchangeTime = exchangeTime;
            heardAt = receiveTime;
        }
    }

    @Override
    public void interrupted() {
        interrupted = true;
    }

    @Override
    public void trade(Instrument instrument, long exchangeTime, long id, Decimal38 price, Decimal38 size) {
        for (Series one : of(instrument)) {
            Bar bar = place(one, exchangeTime);
            if (bar == null) {
                tooLate(one, exchangeTime);
                continue;
            }
            endLateRun(one);
            try {
                bar.add(exchangeTime, id, price, size);
            } catch (ArithmeticException e) {
                bar.complete = false;
                notBuilt(one, exchangeTime, exchangeTime, "the volume of a bar does not fit decimal(38,18)");
            }
            if (!bar.pending && !passed(one, bar, lastExchangeTime)) {
                bar.pending = true;
            }
            if (bar.pending) {
                nextDue = Math.min(nextDue, due(one, bar));
            } else {
                send(one, bar);
            }
        }
    }

    /** The bar of a time, made where there is none; null where it is not known any more. */
    private @Nullable Bar place(Series one, long exchangeTime) {
        long start = one.interval.start(exchangeTime);
        Bar known = one.find(start);
        if (known != null) {
            return known;
        }
        if (start <= one.floor()) {
            return null;
        }
        Bar crowded = one.crowdedOut();
        if (crowded != null) {
            if (start < crowded.start) {
                return null;
            }
            if (crowded.pending) {
                send(one, crowded);
            }
            one.dropOldest();
        }
        Bar bar = one.insert(start);
        long end = start + one.interval.nanos();
        if (interruptedTo != UNKNOWN
                && start <= interruptedTo
                && (interruptedFrom == UNKNOWN || end > interruptedFrom)) {
            bar.complete = false;
        }
        return bar;
    }

    @Override
    public void missed(Instrument instrument, long fromTime, long toTime) {
        for (Series one : of(instrument)) {
            for (int i = 0; i < one.size(); i++) {
                Bar bar = one.get(i);
                if (bar.pending && bar.start <= toTime && bar.start + one.interval.nanos() > fromTime) {
                    bar.complete = false;
                }
            }
            // The bar of the trade that showed the hole, which comes next.
            Bar next = place(one, toTime);
            if (next != null) {
                next.complete = false;
            }
        }
    }

    /** Marks the open bars that reach beyond a time. */
    private void spoil(long from) {
        for (Series[] all : series.values()) {
            for (Series one : all) {
                for (int i = 0; i < one.size(); i++) {
                    Bar bar = one.get(i);
                    if (bar.pending && (from == UNKNOWN || bar.start + one.interval.nanos() > from)) {
                        bar.complete = false;
                    }
                }
            }
        }
    }

    @Override
    public void advance(long receiveTime) {
        if (lastExchangeTime == UNKNOWN) {
            return;
        }
        long now = lastExchangeTime + Math.max(0, receiveTime - heardAt);
        if (now < nextDue) {
            return;
        }
        nextDue = NEVER;
        for (Series[] all : series.values()) {
            for (Series one : all) {
                sendDue(one, now);
            }
        }
    }

    private void sendDue(Series one, long now) {
        for (int i = 0; i < one.size(); i++) {
            Bar bar = one.get(i);
            if (bar.pending) {
                if (passed(one, bar, now)) {
                    send(one, bar);
                } else {
                    nextDue = Math.min(nextDue, due(one, bar));
                }
            }
        }
    }

    /** Bars whose end has come stay what they are; the others are cut short and say so. */
    @Override
    public void close(long receiveTime) {
        nextDue = NEVER;
        for (Series[] all : series.values()) {
            for (Series one : all) {
                endLateRun(one);
                for (int i = 0; i < one.size(); i++) {
                    Bar bar = one.get(i);
                    if (bar.pending) {
                        if (lastExchangeTime < bar.start + one.interval.nanos()) {
                            bar.complete = false;
                        }
                        send(one, bar);
                    }
                }
            }
        }
        interrupted = true;
    }

    private long due(Series one, Bar bar) {
        return bar.start + one.interval.nanos() + lateness;
    }

    private boolean passed(Series one, Bar bar, long time) {
        return time >= due(one, bar);
    }

    private void send(Series one, Bar bar) {
        bar.pending = false;
        if (bar.trades == 0) {
            return;
        }
        bar.revision++;
        recorder.bar(
                one.instrument,
                one.interval.name(),
                bar.start,
                bar.open,
                bar.high,
                bar.low,
                bar.close,
                bar.volume,
                bar.trades,
                bar.revision,
                bar.complete);
    }

    /** The first of a run is named at once, how many there were when the run ends. */
    private void tooLate(Series one, long exchangeTime) {
        if (one.lateTrades++ == 0) {
            one.lateFrom = exchangeTime;
            one.lateTo = exchangeTime;
            notBuilt(one, exchangeTime, exchangeTime, "a trade came too late for its bar");
        }
        one.lateFrom = Math.min(one.lateFrom, exchangeTime);
        one.lateTo = Math.max(one.lateTo, exchangeTime);
    }

    private void endLateRun(Series one) {
        if (one.lateTrades > 1) {
            notBuilt(one, one.lateFrom, one.lateTo, one.lateTrades + " trades in a row came too late for their bars");
        }
        one.lateTrades = 0;
    }

    private void notBuilt(Series one, long from, long to, String detail) {
        recorder.gap(
                one.instrument,
                Gap.newBuilder()
                        .setReason(GapReason.GAP_REASON_SEQUENCE)
                        .setGapChannel("bars-" + one.interval.name())
                        .setFromTime(from)
                        .setToTime(to)
                        .setDetail(detail)
                        .build());
    }

    private Series[] of(Instrument instrument) {
        Series[] known = series.get(instrument.symbol());
        if (known != null) {
            return known;
        }
        Series[] added = new Series[intervals.size()];
        for (int i = 0; i < added.length; i++) {
            Interval interval = intervals.get(i);
            // Open at once: the current bar and those that the lateness still holds open.
            int open = Math.toIntExact(Math.min(600, lateness / interval.nanos() + 2));
            added[i] = new Series(instrument, interval, kept, open);
        }
        series.put(instrument.symbol(), added);
        return added;
    }

    // ---- what BarRebuild tells ----

    /** As {@link #trade}, but what would be sent was sent then: the log holds it, or it is sent when time goes on. */
    void replayTrade(Instrument instrument, long exchangeTime, long id, Decimal38 price, Decimal38 size) {
        for (Series one : of(instrument)) {
            long start = one.interval.start(exchangeTime);
            Bar bar = one.find(start);
            if (bar == null) {
                if (start <= one.floor()) {
                    continue;
                }
                bar = replayInsert(one, start);
                if (bar == null) {
                    continue;
                }
            }
            try {
                bar.add(exchangeTime, id, price, size);
            } catch (ArithmeticException e) {
                bar.complete = false;
            }
            bar.pending = true;
        }
        lastExchangeTime = Math.max(lastExchangeTime, exchangeTime);
    }

    /** A bar that the log holds: everything before it in the log is in it. */
    void replayBar(Instrument instrument, io.tidemark.contracts.proto.Bar record) {
        for (Series one : of(instrument)) {
            if (!one.interval.name().equals(record.getTimeframe()) || record.getOpenTime() <= one.floor()) {
                continue;
            }
            Bar bar = one.find(record.getOpenTime());
            if (bar == null) {
                bar = replayInsert(one, record.getOpenTime());
            }
            if (bar != null && record.getRevision() > bar.revision) {
                bar.sent(record);
            }
        }
    }

    private static @Nullable Bar replayInsert(Series one, long start) {
        Bar crowded = one.crowdedOut();
        if (crowded != null) {
            if (start < crowded.start || crowded.pending) {
                // Cannot happen with a log of this builder's own; a bar too many must not cost another its trades.
                return null;
            }
            one.dropOldest();
        }
        return one.insert(start);
    }

    void replayTime(long exchangeTime) {
        lastExchangeTime = Math.max(lastExchangeTime, exchangeTime);
    }

    /**
     * The log has been read; {@code now} is when waiting begins anew. Bars up to that of {@code firstTime} may have
     * had trades, and revisions, that were not told.
     */
    void replayed(long now, long firstTime) {
        heardAt = now;
        interrupted = true;
        for (Series[] all : series.values()) {
            for (Series one : all) {
                if (firstTime != UNKNOWN) {
                    one.raiseFloor(one.interval.start(firstTime) - 1);
                }
                for (int i = 0; i < one.size(); i++) {
                    Bar bar = one.get(i);
                    if (!bar.pending) {
                        continue;
                    }
                    nextDue = Math.min(nextDue, due(one, bar));
                    if (firstTime != UNKNOWN && bar.start <= firstTime) {
                        bar.partial();
                    }
                }
            }
        }
    }
}
