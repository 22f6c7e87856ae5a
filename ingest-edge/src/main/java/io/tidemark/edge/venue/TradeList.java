package io.tidemark.edge.venue;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.proto.Side;
import java.util.ArrayList;
import java.util.List;

/** The trades of one message, read whole before any of them is recorded. Its entries are reused. */
public final class TradeList {
    /** A message of more trades gives its entries back to the collector. */
    private static final int KEPT = 1024;

    /** One trade; the side is the taker's. */
    public static final class Entry {
        public final Decimal38 price = new Decimal38();
        public final Decimal38 size = new Decimal38();
        public final StringBuilder id = new StringBuilder(20);
        public long time;
        /** The id as a number, or {@code ABSENT}. */
        public long number;

        public Side side = Side.SIDE_UNKNOWN;

        private void clear() {
            id.setLength(0);
            time = EventEncoder.ABSENT;
            number = EventEncoder.ABSENT;
            side = Side.SIDE_UNKNOWN;
        }

        public void id(long newNumber) {
            number = newNumber;
            id.setLength(0);
            id.append(newNumber);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private int count;

    public void clear() {
        count = 0;
        if (entries.size() > KEPT) {
            entries.subList(KEPT, entries.size()).clear();
        }
    }

    public int size() {
        return count;
    }

    public Entry get(int index) {
        return entries.get(index);
    }

    public Entry add() {
        if (count == entries.size()) {
            entries.add(new Entry());
        }
        Entry entry = entries.get(count++);
        entry.clear();
        return entry;
    }
}
