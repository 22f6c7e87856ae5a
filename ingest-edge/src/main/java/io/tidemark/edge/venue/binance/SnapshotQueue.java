package io.tidemark.edge.venue.binance;

import io.tidemark.edge.feed.Backoff;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.VenueLink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks for depth snapshots one after the other, within the venue's request weight.
 *
 * <p>The weights are those of the public rest-api document (6,000 a minute; futures: 2,400, and a tenth to a twelfth for the same answer); the first few go at once. An
 * instrument whose snapshot cannot be had is asked for again with growing pauses, while others go on.
 */
final class SnapshotQueue {
    private static final Logger LOG = Logger.getLogger(SnapshotQueue.class);
    private static final int BURST = 20;
    private static final int WEIGHT_PER_SECOND = 80;
    /** For answers that will hardly change: no such symbol, no snapshot. */
    private static final Duration SLOWLY = Duration.ofSeconds(60);

    /** Takes the answer, and says whether it will do. */
    interface Taker {
        boolean taken(Symbol symbol, byte[] body, int length) throws BadFrameException;
    }

    private final String path;
    private final int limit;
    private final Taker taker;
    private final RandomGenerator random;
    private final Deque<Symbol> waiting = new ArrayDeque<>();
    private final Set<Symbol> known = new HashSet<>();
    private @Nullable VenueLink link;
    private boolean busy;
    private int burst = BURST;
    private long failures;

    /** {@code limit} levels a side are asked for. */
    SnapshotQueue(String path, int limit, Taker taker, RandomGenerator random) {
        this.path = path;
        this.limit = limit;
        this.taker = taker;
        this.random = random;
    }

    /** The smallest answer that holds {@code depth} levels. */
    static int limitFor(int depth) {
        for (int offered : new int[] {5, 10, 20, 50, 100, 500, 1000}) {
            if (offered >= depth) {
                return offered;
            }
        }
        return 5000;
    }

    int limit() {
        return limit;
    }

    void opened(VenueLink newLink) {
        link = newLink;
        busy = false;
        burst = BURST;
        waiting.clear();
        known.clear();
    }

    void closed() {
        link = null;
        waiting.clear();
        known.clear();
    }

    /** Wants a snapshot of the symbol, once. */
    void request(Symbol symbol) {
        if (link != null && known.add(symbol)) {
            waiting.addLast(symbol);
            next();
        }
    }

    private void next() {
        VenueLink open = link;
        if (open == null || busy || waiting.isEmpty()) {
            return;
        }
        busy = true;
        ask(open, waiting.removeFirst(), new Backoff(Duration.ofSeconds(1), random));
    }

    private void ask(VenueLink open, Symbol symbol, Backoff backoff) {
        String request = path + "?symbol=" + symbol.instrument.venueSymbol() + "&limit=" + limit;
        open.get(symbol.instrument, request, new VenueLink.RestListener() {
            private boolean enough;

            @Override
            public void answered(byte[] body, int length) throws BadFrameException {
                enough = taker.taken(symbol, body, length);
                if (enough) {
                    known.remove(symbol);
                } else {
                    again(open, symbol, backoff, Duration.ZERO);
                }
                free(open, Duration.ZERO);
            }

            @Override
            public void failed(VenueLink.RestFailure failure) {
                failures++;
                if (failures <= 5 || failures % 100 == 0) {
                    LOG.warnf("no snapshot of %s (%s)", symbol.instrument.venueSymbol(), failure.message());
                }
                Duration ask = failure.retryAfter();
                Duration pause = ask == null ? Duration.ZERO : ask;
                boolean refused = failure.status() >= 400 && failure.status() < 500 && ask == null;
                again(open, symbol, backoff, refused ? SLOWLY : pause);
                free(open, pause);
            }
        });
    }

    private void again(VenueLink open, Symbol symbol, Backoff backoff, Duration atLeast) {
        Duration wait = backoff.next();
        // A snapshot that was too old is asked for again at once, but not in a tight loop.
        Duration floor = Duration.ofMillis(250);
        Duration chosen = wait.compareTo(atLeast) > 0 ? wait : atLeast;
        open.after(chosen.compareTo(floor) > 0 ? chosen : floor, () -> ask(open, symbol, backoff));
    }

    /** The next symbol may be asked for, after the pause that the venue's weight needs. */
    private void free(VenueLink open, Duration atLeast) {
        if (!busy) {
            return;
        }
        Duration pause = atLeast;
        if (burst > 0) {
            burst--;
        } else {
            Duration weighed = Duration.ofMillis(1000L * weight() / WEIGHT_PER_SECOND);
            pause = weighed.compareTo(atLeast) > 0 ? weighed : atLeast;
        }
        if (pause.isZero()) {
            busy = false;
            next();
        } else {
            open.after(pause, () -> {
                busy = false;
                next();
            });
        }
    }

    private int weight() {
        if (limit <= 100) {
            return 5;
        }
        if (limit <= 500) {
            return 25;
        }
        return limit <= 1000 ? 50 : 250;
    }
}
