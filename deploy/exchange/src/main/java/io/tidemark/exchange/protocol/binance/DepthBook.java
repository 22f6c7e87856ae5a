package io.tidemark.exchange.protocol.binance;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One symbol's book, kept as the venue spelled it: a snapshot and the changes since.
 *
 * <p>Source of the rule: Binance spot API documentation, {@code web-socket-streams.md}, "How to manage
 * a local order book correctly": changes up to lastUpdateId are dropped, the next must begin at
 * lastUpdateId + 1 or before, a quantity of 0 removes the level.
 */
final class DepthBook {
    private final NavigableMap<BigDecimal, PriceLevel> bids = new TreeMap<>(Comparator.reverseOrder());
    private final NavigableMap<BigDecimal, PriceLevel> asks = new TreeMap<>();
    private final Flavor flavor;
    private long lastUpdateId;
    private long eventMillis;
    private long transactionMillis;

    DepthBook(Message.DepthSnapshot snapshot, Flavor flavor) {
        this.flavor = flavor;
        this.lastUpdateId = snapshot.lastUpdateId();
        put(bids, snapshot.bids());
        put(asks, snapshot.asks());
    }

    long lastUpdateId() {
        return lastUpdateId;
    }

    /** Whether changes are missing between the book and this update. */
    boolean isBehind(Message.DepthUpdate update) {
        return update.firstId() > lastUpdateId + 1;
    }

    /** Applies an update that is not older than the book; the caller decides about holes. */
    void apply(Message.DepthUpdate update) {
        if (update.lastId() <= lastUpdateId) {
            return;
        }
        put(bids, update.bids());
        put(asks, update.asks());
        lastUpdateId = update.lastId();
        eventMillis = update.eventMillis();
        transactionMillis = update.transactionMillis();
    }

    private static void put(NavigableMap<BigDecimal, PriceLevel> side, List<PriceLevel> levels) {
        for (PriceLevel level : levels) {
            BigDecimal price = new BigDecimal(level.price());
            if (level.isGone()) {
                side.remove(price);
            } else {
                side.put(price, level);
            }
        }
    }

    /** The answer to a depth request, in Binance's own layout. */
    String json(int limit) {
        StringBuilder json = new StringBuilder(1 << 16);
        json.append("{\"lastUpdateId\":").append(lastUpdateId);
        if (flavor == Flavor.USD_M) {
            json.append(",\"E\":").append(eventMillis).append(",\"T\":").append(transactionMillis);
        }
        json.append(",\"bids\":[");
        append(json, bids.values().iterator(), limit);
        json.append("],\"asks\":[");
        append(json, asks.values().iterator(), limit);
        return json.append("]}").toString();
    }

    private static void append(StringBuilder json, Iterator<PriceLevel> levels, int limit) {
        for (int i = 0; i < limit && levels.hasNext(); i++) {
            PriceLevel level = levels.next();
            json.append(i == 0 ? "[\"" : ",[\"")
                    .append(level.price())
                    .append("\",\"")
                    .append(level.quantity())
                    .append("\"]");
        }
    }
}
