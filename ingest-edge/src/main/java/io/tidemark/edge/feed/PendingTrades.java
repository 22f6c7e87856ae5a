package io.tidemark.edge.feed;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.EventEncoder;
import java.util.ArrayList;
import java.util.List;

/** The trades of the frame being read, until it is known to be good. Its entries are reused. */
final class PendingTrades {
    /** A frame of more trades than this gives its entries back to the collector. */
    private static final int KEPT = 64;

    private static final class Entry {
        private Instrument instrument;
        private long exchangeTime;
        private long id;
        private long missedFrom;
        private final Decimal38 price = new Decimal38();
        private final Decimal38 size = new Decimal38();

        private Entry(Instrument instrument) {
            this.instrument = instrument;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private int count;

    /** {@code missedFrom}: trades between that time and this one are missing; or {@code ABSENT}. */
    void add(Instrument instrument, long exchangeTime, long id, Decimal38 price, Decimal38 size, long missedFrom) {
        if (count == entries.size()) {
            entries.add(new Entry(instrument));
        }
        Entry entry = entries.get(count++);
        entry.instrument = instrument;
        entry.exchangeTime = exchangeTime;
        entry.id = id;
        entry.missedFrom = missedFrom;
        entry.price.set(price);
        entry.size.set(size);
    }

    void clear() {
        count = 0;
        if (entries.size() > KEPT) {
            entries.subList(KEPT, entries.size()).clear();
        }
    }

    void release(TradeListener listener) {
        for (int i = 0; i < count; i++) {
            Entry entry = entries.get(i);
            if (entry.missedFrom != EventEncoder.ABSENT) {
                listener.missed(entry.instrument, entry.missedFrom, entry.exchangeTime);
            }
            listener.trade(entry.instrument, entry.exchangeTime, entry.id, entry.price, entry.size);
        }
        clear();
    }
}
