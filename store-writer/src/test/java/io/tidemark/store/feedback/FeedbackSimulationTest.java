package io.tidemark.store.feedback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.store.feedback.RateController.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An edge that obeys and keeps what it may not send, a database that falls to a third of what arrives for five
 * minutes, and noise on both; a second of it is a turn of a loop. The whole series is written to
 * {@code target/feedback-simulation-<seed>.csv}, ready to plot.
 */
class FeedbackSimulationTest {
    private static final long SECOND = 1_000_000_000L;
    private static final double ARRIVES = 3_000;
    private static final double WELL = 9_000;
    private static final double SLOW = ARRIVES / 3;
    private static final int SLOW_FROM = 60;
    private static final int SLOW_TO = 360;
    private static final int END = 900;
    private static final int SIGNAL_TAKES = 2;

    private record Second(int at, long backlog, double sent, double written, double limit, String state) {}

    private static List<Second> run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FamilyFeedback feedback = new FamilyFeedback();
        Deque<Double> underWay = new ArrayDeque<>();
        for (int i = 0; i < SIGNAL_TAKES; i++) {
            underWay.add(Double.POSITIVE_INFINITY);
        }
        double atEdge = 0;
        long end = 0;
        long stored = 0;
        List<Second> series = new ArrayList<>();
        for (int at = 0; at < END; at++) {
            double capacity = (at >= SLOW_FROM && at < SLOW_TO ? SLOW : WELL) * (0.85 + 0.3 * random.nextDouble());
            atEdge += ARRIVES * (0.9 + 0.2 * random.nextDouble());
            double sent = Math.min(atEdge, underWay.remove());
            atEdge -= sent;
            end += (long) sent;
            long written = (long) Math.min(capacity, end - stored);
            stored += written;
            Decision decision = feedback.decide(new GroupProgress("bars", at * SECOND, end, stored, 1), false);
            double limit = decision.limit().orElse(Double.POSITIVE_INFINITY);
            underWay.add(limit);
            series.add(new Second(
                    at, end - stored, sent, written, limit, decision.state().name()));
        }
        return series;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20_241_120, 42, 4711, 31_337, 65_537})
    void aDatabaseAtAThirdOfTheArrivalIsFollowedCalmlyAndLeftBehindSoon(long seed) throws IOException {
        List<Second> series = run(seed);
        write(seed, series);
        double most =
                series.stream().mapToDouble(FeedbackSimulationTest::lag).max().orElse(0);
        List<Integer> reversals = reversals(series);
        int recovered = END;
        for (Second second : series) {
            if (second.at >= SLOW_TO && second.limit >= ARRIVES) {
                recovered = second.at;
                break;
            }
        }
        String words = "seed " + seed + ": backlog at most " + most + " s of draining, reversals at " + reversals
                + ", full rate allowed after " + (recovered - SLOW_TO) + " s";
        System.out.println(words);
        // The first signal needs its time, and each probe costs some.
        assertTrue(most <= 12, words);
        for (int i = 1; i < reversals.size(); i++) {
            assertTrue(reversals.get(i) - reversals.get(i - 1) >= 30, words);
        }
        assertTrue(recovered - SLOW_TO <= 120, words);
        Second last = series.get(END - 1);
        assertTrue(last.backlog < ARRIVES && Double.isInfinite(last.limit), last + " " + words);
        for (Second second : series) {
            assertTrue(second.limit > 0, second.toString());
        }
        assertEquals(END, series.size());
    }

    private static double lag(Second second) {
        return second.backlog / (second.at >= SLOW_FROM && second.at < SLOW_TO ? SLOW : WELL);
    }

    private static List<Integer> reversals(List<Second> series) {
        List<Integer> reversals = new ArrayList<>();
        int direction = 0;
        double before = Double.POSITIVE_INFINITY;
        for (Second second : series) {
            int change = Double.compare(second.limit, before);
            if (change != 0 && direction != 0 && change != direction) {
                reversals.add(second.at);
            }
            direction = change == 0 ? direction : change;
            before = second.limit;
        }
        return reversals;
    }

    private static void write(long seed, List<Second> series) throws IOException {
        List<String> lines = new ArrayList<>(List.of("second,backlog,sent,written,limit,state"));
        for (Second second : series) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%d,%d,%.0f,%.0f,%s,%s",
                    second.at,
                    second.backlog,
                    second.sent,
                    second.written,
                    Double.isInfinite(second.limit) ? "" : String.format(Locale.ROOT, "%.0f", second.limit),
                    second.state));
        }
        Files.createDirectories(Path.of("target"));
        Files.write(Path.of("target", "feedback-simulation-" + seed + ".csv"), lines);
    }
}
