package io.tidemark.exchange.market;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A market of several listings in one order of time, made from its plan alone: integers only, no
 * clock, no library randomness. Not thread-safe.
 */
public final class MarketModel {
    private final Map<String, Instrument> instruments = new HashMap<>();
    private final PriorityQueue<Turn> turns =
            new PriorityQueue<>(Comparator.comparingLong(Turn::time).thenComparingInt(Turn::order));
    private final Queue<MarketEvent> ready = new ArrayDeque<>();
    private final long endMicros;

    private record Turn(long time, int order, Instrument instrument) {}

    public MarketModel(MarketPlan plan) {
        long start = micros(plan.start());
        this.endMicros = plan.seconds() == 0 ? Long.MAX_VALUE : start + TimeUnit.SECONDS.toMicros(plan.seconds());
        int order = 0;
        for (String symbol : plan.symbols()) {
            Instrument instrument = new Instrument(Listing.of(symbol), plan.seed(), start);
            instruments.put(symbol, instrument);
            turns.add(new Turn(instrument.nextTime(), order++, instrument));
        }
    }

    /** The next event, or null when the plan's time is over. */
    public @Nullable MarketEvent next() {
        while (ready.isEmpty()) {
            Turn turn = turns.poll();
            if (turn == null || turn.time() > endMicros) {
                return null;
            }
            turn.instrument().advance(ready);
            turns.add(new Turn(turn.instrument().nextTime(), turn.order(), turn.instrument()));
        }
        return ready.poll();
    }

    public boolean lists(String symbol) {
        return instruments.containsKey(symbol);
    }

    public Listing listing(String symbol) {
        return instrument(symbol).listing();
    }

    /** Id of the last change of the book as it is now. */
    public long updateId(String symbol) {
        return instrument(symbol).book().updateId();
    }

    /** The best levels of one side as they are now, best first. */
    public List<Level> levels(String symbol, boolean bid, int limit) {
        return instrument(symbol).book().levels(bid, limit);
    }

    /** What a level holds now; 0 if there is none at that price. */
    public long lots(String symbol, boolean bid, long price) {
        return instrument(symbol).book().side(bid).getOrDefault(price, 0L);
    }

    private Instrument instrument(String symbol) {
        Instrument instrument = instruments.get(symbol);
        if (instrument == null) {
            throw new IllegalArgumentException("no listing " + symbol);
        }
        return instrument;
    }

    private static long micros(Instant instant) {
        return TimeUnit.SECONDS.toMicros(instant.getEpochSecond()) + instant.getNano() / 1_000;
    }
}
