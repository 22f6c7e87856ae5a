package io.tidemark.exchange.protocol.subscribed;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** One book as it stands after the frames that lie behind; numbers keep the venue's spelling. */
public final class StandingBook {
    private final String stream;
    private final String symbol;
    private final NavigableMap<BigDecimal, BookLevel> bids = new TreeMap<>(Comparator.reverseOrder());
    private final NavigableMap<BigDecimal, BookLevel> asks = new TreeMap<>();
    private final Map<String, String> notes = new HashMap<>();
    private boolean begun;
    private int depth;

    StandingBook(String stream, String symbol) {
        this.stream = stream;
        this.symbol = symbol;
    }

    void apply(BookChange change) {
        if (change.snapshot()) {
            bids.clear();
            asks.clear();
            begun = true;
        }
        if (!begun) {
            return;
        }
        depth = Math.max(depth, change.depth());
        notes.putAll(change.notes());
        put(bids, change.bids());
        put(asks, change.asks());
    }

    private void put(NavigableMap<BigDecimal, BookLevel> side, List<BookLevel> levels) {
        for (BookLevel level : levels) {
            BigDecimal price = new BigDecimal(level.price()).stripTrailingZeros();
            if (level.isGone()) {
                side.remove(price);
            } else {
                side.put(price, level);
            }
        }
        while (depth > 0 && side.size() > depth) {
            side.pollLastEntry();
        }
    }

    /** Whether there was a snapshot; before it nobody can know the book. */
    boolean hasBegun() {
        return begun;
    }

    public String stream() {
        return stream;
    }

    public String symbol() {
        return symbol;
    }

    /** Best first. */
    public Collection<BookLevel> bids() {
        return Collections.unmodifiableCollection(bids.values());
    }

    /** Best first. */
    public Collection<BookLevel> asks() {
        return Collections.unmodifiableCollection(asks.values());
    }

    /** The latest such note, or what stands in for it. */
    public String note(String name, String otherwise) {
        return notes.getOrDefault(name, otherwise);
    }
}
