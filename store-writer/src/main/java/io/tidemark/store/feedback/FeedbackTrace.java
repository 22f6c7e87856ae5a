package io.tidemark.store.feedback;

import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What was measured and decided in the last quarter of an hour or more, for a plot. Any thread; bounded. */
@Singleton
public final class FeedbackTrace {
    public static final String CSV_HEADER =
            "time,family,state,backlog,arrival_per_s,drain_per_s,limit_per_s,queue_fill,write_p95_s,breaker_open,sender";

    private static final int KEPT = 4_000;

    /**
     * One decision.
     *
     * @param limit null while there is none
     * @param sender whether this process told the edges
     */
    public record Point(
            Instant time,
            String family,
            String state,
            long backlog,
            double arrival,
            double drain,
            @Nullable Double limit,
            double queueFill,
            double writeP95Seconds,
            boolean breakerOpen,
            boolean sender) {

        public String csv() {
            return String.format(
                    Locale.ROOT,
                    "%s,%s,%s,%d,%.1f,%.1f,%s,%.3f,%.4f,%b,%b",
                    time,
                    family,
                    state,
                    backlog,
                    arrival,
                    drain,
                    limit == null ? "" : String.format(Locale.ROOT, "%.1f", limit),
                    queueFill,
                    writeP95Seconds,
                    breakerOpen,
                    sender);
        }
    }

    private final Deque<Point> points = new ArrayDeque<>();

    synchronized void add(Point point) {
        points.add(point);
        if (points.size() > KEPT) {
            points.removeFirst();
        }
    }

    /** Oldest first. */
    public synchronized List<Point> points() {
        return new ArrayList<>(points);
    }
}
