package io.tidemark.lake.coverage;

import io.tidemark.contracts.files.schema.CoverageRow.Gap;
import io.tidemark.lake.slice.Alert;
import io.tidemark.lake.slice.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts what one alert's window holds, while the candles of its series go by in rising order.
 *
 * <p>What counts is the interval that a candle lies in: two candles of one interval count once, and one that does
 * not open on the interval's start counts for the interval.
 */
public final class AlertCoverage {
    private final Alert alert;
    private final Window window;
    private final long intervalMs;
    private final List<Gap> gaps = new ArrayList<>();
    private long next;
    private long found;

    public AlertCoverage(Alert alert, Window window, long intervalS) {
        this.alert = alert;
        this.window = window;
        this.intervalMs = intervalS * 1000;
        this.next = window.fromMs();
    }

    public Alert alert() {
        return alert;
    }

    public Window window() {
        return window;
    }

    /** A candle inside the window. */
    void candle(long micros) {
        long slot = Math.floorDiv(Math.floorDiv(micros, 1000), intervalMs) * intervalMs;
        if (slot < next) {
            return;
        }
        gapTo(slot);
        found++;
        next = slot + intervalMs;
    }

    private void gapTo(long end) {
        if (end > next) {
            gaps.add(new Gap(next, end, (end - next) / intervalMs));
        }
    }

    /** No more candles will come. */
    void end() {
        gapTo(window.toMs());
        next = window.toMs();
    }

    public long expected() {
        return (window.toMs() - window.fromMs()) / intervalMs;
    }

    public long found() {
        return found;
    }

    public List<Gap> gaps() {
        return gaps;
    }
}
