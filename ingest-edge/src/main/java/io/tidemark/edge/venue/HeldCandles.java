package io.tidemark.edge.venue;

import io.tidemark.contracts.proto.Bar;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Candles of one instrument of a venue that tells them while they grow and does not say which is the last: one is
 * given on when a later one begins.
 */
public final class HeldCandles {
    private static final class Held {
        private Bar bar;
        /** Told on the connection that stands. */
        private boolean fresh = true;

        private Held(Bar bar) {
            this.bar = bar;
        }
    }

    private final Map<String, Held> byTimeframe = new TreeMap<>();

    /** {@code closed} gets the candle before, when {@code bar} is a later one. */
    public void take(Bar bar, Consumer<Bar> closed) {
        Held held = byTimeframe.get(bar.getTimeframe());
        if (held == null) {
            byTimeframe.put(bar.getTimeframe(), new Held(bar));
            return;
        }
        if (bar.getOpenTime() < held.bar.getOpenTime()) {
            return;
        }
        if (bar.getOpenTime() > held.bar.getOpenTime() && held.fresh) {
            closed.accept(held.bar);
        }
        held.bar = bar;
        held.fresh = true;
    }

    /** What the candle that is held became while no connection stood is not known. */
    public void interrupted() {
        byTimeframe.values().forEach(held -> held.fresh = false);
    }
}
