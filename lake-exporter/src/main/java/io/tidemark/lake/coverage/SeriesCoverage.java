package io.tidemark.lake.coverage;

import io.tidemark.lake.slice.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** The alerts of one series: which candles they want together, and what each of them found. Used by one thread. */
public final class SeriesCoverage {
    private final List<AlertCoverage> alerts;
    private final Deque<AlertCoverage> waiting;
    private final List<AlertCoverage> open = new ArrayList<>();

    public SeriesCoverage(List<AlertCoverage> alerts) {
        this.alerts = alerts;
        List<AlertCoverage> sorted = new ArrayList<>(alerts);
        sorted.sort(Comparator.comparingLong(alert -> alert.window().fromMs()));
        waiting = new ArrayDeque<>(sorted);
    }

    /** The windows' union, in rising order; a candle of several windows is wanted once. */
    public List<Range> ranges() {
        List<Range> windows = waiting.stream()
                .map(alert ->
                        new Range(alert.window().fromMicros(), alert.window().toMicros()))
                .toList();
        return Range.union(windows, 0);
    }

    public List<AlertCoverage> alerts() {
        return alerts;
    }

    /** A candle of the union, in rising order of time. */
    public void candle(long micros) {
        while (!waiting.isEmpty() && waiting.element().window().fromMicros() <= micros) {
            open.add(waiting.remove());
        }
        for (Iterator<AlertCoverage> each = open.iterator(); each.hasNext(); ) {
            AlertCoverage alert = each.next();
            if (micros >= alert.window().toMicros()) {
                alert.end();
                each.remove();
            } else {
                alert.candle(micros);
            }
        }
    }

    /** No more candles will come. */
    public void end() {
        open.forEach(AlertCoverage::end);
        waiting.forEach(AlertCoverage::end);
        open.clear();
        waiting.clear();
    }
}
