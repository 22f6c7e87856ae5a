package io.tidemark.exchange.protocol.binance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client's order book, written from Binance's rules alone and without any class under test: drop
 * what is not newer than the snapshot, demand U &lt;= lastUpdateId + 1 &lt;= u first and U = previous u
 * + 1 from then on.
 */
final class ClientBook {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TreeMap<BigDecimal, BigDecimal> bids = new TreeMap<>();
    private final TreeMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
    private long lastId;
    private boolean synchronised;

    ClientBook(String snapshot) {
        JsonNode json = json(snapshot);
        lastId = json.get("lastUpdateId").asLong();
        put(bids, json.get("bids"));
        put(asks, json.get("asks"));
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /** A combined-stream depth frame. */
    void apply(String frame) {
        JsonNode data = json(frame).get("data");
        long first = data.get("U").asLong();
        long last = data.get("u").asLong();
        if (!synchronised && last <= lastId) {
            return;
        }
        if (synchronised ? first != lastId + 1 : !(first <= lastId + 1 && lastId + 1 <= last)) {
            throw new AssertionError("the book stands at " + lastId + ", the frame spans " + first + " to " + last);
        }
        synchronised = true;
        put(bids, data.get("b"));
        put(asks, data.get("a"));
        lastId = last;
        if (!bids.isEmpty() && !asks.isEmpty() && bids.lastKey().compareTo(asks.firstKey()) >= 0) {
            throw new AssertionError("crossed at " + lastId + ": " + bids.lastKey() + " / " + asks.firstKey());
        }
    }

    private static void put(Map<BigDecimal, BigDecimal> side, JsonNode levels) {
        for (JsonNode level : levels) {
            BigDecimal price = new BigDecimal(level.get(0).asText());
            BigDecimal quantity = new BigDecimal(level.get(1).asText());
            if (quantity.signum() == 0) {
                side.remove(price);
            } else {
                side.put(price, quantity);
            }
        }
    }

    long lastId() {
        return lastId;
    }

    boolean isSynchronised() {
        return synchronised;
    }

    Map<BigDecimal, BigDecimal> bids() {
        return bids;
    }

    Map<BigDecimal, BigDecimal> asks() {
        return asks;
    }
}
