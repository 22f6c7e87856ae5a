package io.tidemark.edge.bars;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.EventEncoder;

/**
 * One bar in the making, or closed and kept for late trades.
 *
 * <p>Open and close belong to the first and last trade by exchange time, then by the venue's id, then by
 * arrival; so the order in which trades arrive does not matter.
 */
final class Bar {
    /** More than any bar is sent. */
    private static final int PARTIAL_REVISIONS = 1_000_000;

    final long start;
    final Decimal38 open = new Decimal38();
    final Decimal38 high = new Decimal38();
    final Decimal38 low = new Decimal38();
    final Decimal38 close = new Decimal38();
    final Decimal38 volume = new Decimal38();
    long trades;
    boolean complete = true;
    /** Of the last sending; -1 before the first. */
    int revision = -1;
    /** Waits to be sent (again) when its time has passed. */
    boolean pending = true;

    private long openTime;
    private long openId;
    private long closeTime;
    private long closeId;

    Bar(long start) {
        this.start = start;
    }

    /** Some of its trades, and perhaps of its revisions, are not known: no revision must be given twice. */
    void partial() {
        complete = false;
        revision = Math.max(revision, PARTIAL_REVISIONS - 1);
    }

    /** Throws {@link ArithmeticException}, with nothing changed, when the volume does not fit. */
    void add(long time, long id, Decimal38 price, Decimal38 size) {
        volume.add(size);
        if (trades == 0) {
            open.set(price);
            high.set(price);
            low.set(price);
            close.set(price);
            openTime = time;
            openId = id;
            closeTime = time;
            closeId = id;
        } else {
            if (price.compareTo(high) > 0) {
                high.set(price);
            }
            if (price.compareTo(low) < 0) {
                low.set(price);
            }
            if (time < openTime || (time == openTime && before(id, openId))) {
                open.set(price);
                openTime = time;
                openId = id;
            }
            if (time > closeTime || (time == closeTime && !before(id, closeId))) {
                close.set(price);
                closeTime = time;
                closeId = id;
            }
        }
        trades++;
    }

    private static boolean before(long id, long other) {
        return id != EventEncoder.ABSENT && other != EventEncoder.ABSENT && id < other;
    }

    /**
     * What the log says was sent. Where the retained log holds only a part of the bar's trades this is the whole
     * truth; of the times of first and last trade then only the bounds are known.
     */
    void sent(io.tidemark.contracts.proto.Bar record) {
        revision = record.getRevision();
        complete = record.getComplete();
        pending = false;
        if (trades == record.getTradeCount()) {
            return;
        }
        trades = record.getTradeCount();
        read(record.getOpen(), open);
        read(record.getHigh(), high);
        read(record.getLow(), low);
        read(record.getClose(), close);
        read(record.getVolume(), volume);
        openTime = start;
        openId = EventEncoder.ABSENT;
        closeTime = start;
        closeId = EventEncoder.ABSENT;
    }

    private static void read(com.google.protobuf.ByteString field, Decimal38 target) {
        byte[] bytes = field.toByteArray();
        target.readWire(bytes, 0, bytes.length);
    }
}
