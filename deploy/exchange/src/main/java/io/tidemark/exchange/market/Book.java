package io.tidemark.exchange.market;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The true book of one listing. Every change of a level raises the update id by one and is remembered
 * until the next {@link #takeChanges}. Never empty on a side and never crossed as long as {@link
 * Instrument} keeps to its rules.
 */
final class Book {
    private final NavigableMap<Long, Long> bids = new TreeMap<>(Comparator.reverseOrder());
    private final NavigableMap<Long, Long> asks = new TreeMap<>();
    private final TreeSet<Long> changedBids = new TreeSet<>(Comparator.reverseOrder());
    private final TreeSet<Long> changedAsks = new TreeSet<>();
    private long updateId;
    private long reportedId;

    Book(long updateId) {
        this.updateId = updateId;
        this.reportedId = updateId;
    }

    long updateId() {
        return updateId;
    }

    NavigableMap<Long, Long> side(boolean bid) {
        return bid ? bids : asks;
    }

    long best(boolean bid) {
        return side(bid).firstKey();
    }

    Level top(boolean bid) {
        Map.Entry<Long, Long> first = side(bid).firstEntry();
        return new Level(first.getKey(), first.getValue());
    }

    /** Places the level before the market opens; not a change. */
    void open(boolean bid, long price, long lots) {
        side(bid).put(price, lots);
    }

    /** Sets what a level holds; 0 removes it. */
    void set(boolean bid, long price, long lots) {
        if (lots == 0) {
            side(bid).remove(price);
        } else {
            side(bid).put(price, lots);
        }
        (bid ? changedBids : changedAsks).add(price);
        updateId++;
    }

    boolean hasChanges() {
        return updateId > reportedId;
    }

    MarketEvent.Depth takeChanges(Listing listing, long timeMicros) {
        MarketEvent.Depth depth = new MarketEvent.Depth(
                listing, timeMicros, reportedId + 1, updateId, changed(bids, changedBids), changed(asks, changedAsks));
        changedBids.clear();
        changedAsks.clear();
        reportedId = updateId;
        return depth;
    }

    private static List<Level> changed(Map<Long, Long> side, Set<Long> prices) {
        List<Level> levels = new ArrayList<>(prices.size());
        for (Long price : prices) {
            levels.add(new Level(price, side.getOrDefault(price, 0L)));
        }
        return levels;
    }

    List<Level> levels(boolean bid, int limit) {
        List<Level> levels = new ArrayList<>();
        for (Map.Entry<Long, Long> level : side(bid).entrySet()) {
            if (levels.size() == limit) {
                break;
            }
            levels.add(new Level(level.getKey(), level.getValue()));
        }
        return levels;
    }
}
