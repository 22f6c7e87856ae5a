package io.tidemark.exchange.market;

import java.time.Instant;
import java.util.List;

/**
 * What makes a market: the same plan gives the same events, on any machine.
 *
 * @param symbols the venue's spelling, upper case
 * @param start market time of the first event
 * @param seconds market time to emit; 0 for without end
 */
public record MarketPlan(List<String> symbols, long seed, Instant start, long seconds) {
    public MarketPlan {
        symbols = List.copyOf(symbols);
    }
}
