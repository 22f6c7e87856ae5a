package io.tidemark.store.sink;

/** A row whose key may come again; the one that was received last stays. */
public interface FactRow extends SinkRow {
    long received();

    /** Later wins, then the smaller edge name; an equal one does not replace. */
    default boolean replaces(FactRow other) {
        return received() != other.received()
                ? received() > other.received()
                : ByteOrder.compare(edge(), other.edge()) < 0;
    }
}
