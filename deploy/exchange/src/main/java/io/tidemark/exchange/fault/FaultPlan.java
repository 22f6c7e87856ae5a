package io.tidemark.exchange.fault;

import io.tidemark.exchange.emission.Disturbance;
import io.tidemark.exchange.emission.Trouble;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The faults an exchange is asked for, on the command line, by its admin call, or by a seed.
 *
 * <p>Thread-safe: the emission asks, the server adds and reports. A fault strikes once; after a resume
 * that goes back before it, its frames are sent without it.
 */
public final class FaultPlan implements Disturbance {
    /** What is reported of faults that struck; older ones are only counted. */
    private static final int MOST_REPORTED = 1_000;

    private static final int MOST_WAITING = 10_000;

    private final Gate gate;
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    private final Deque<Struck> struck = new ArrayDeque<>();
    private final @Nullable RandomFaults random;
    private long order;
    private long struckInAll;

    private record Waiting(Fault fault, long order) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            int byPlace = Long.compare(fault.at(), other.fault.at());
            return byPlace != 0 ? byPlace : Long.compare(order, other.order);
        }
    }

    private record Struck(Fault fault, long number) {}

    /**
     * A fault and what came of it.
     *
     * @param fault as it was asked for
     * @param frame number of the frame before which it struck; -1 while it waits
     * @param withheld frames it kept from clients
     * @param added frames it gave them beyond what was emitted
     */
    public record Report(String fault, String kind, long frame, long withheld, long added) {}

    private FaultPlan(Gate gate, @Nullable RandomFaults random) {
        this.gate = gate;
        this.random = random;
    }

    /**
     * A plan of these faults; {@code random:SEED:RATE} among them makes more by itself.
     *
     * @throws IllegalArgumentException saying which fault is not understood
     */
    public static FaultPlan of(List<String> faults, LongSupplier nanoClock) {
        @Nullable RandomFaults random = null;
        List<String> named = new ArrayList<>();
        for (String fault : faults) {
            if (fault.startsWith("random:")) {
                random = random(fault);
            } else {
                named.add(fault);
            }
        }
        FaultPlan plan = new FaultPlan(new Gate(nanoClock), random);
        named.forEach(plan::add);
        return plan;
    }

    private static RandomFaults random(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3
                || !parts[1].matches("-?\\d{1,18}")
                || !parts[2].matches("0?\\.\\d{1,9}|\\d\\.\\d{1,9}E-\\d")
                || Double.parseDouble(parts[2]) > 0.5) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not of the form random:SEED:RATE with a rate of faults per frame below 0.5");
        }
        return new RandomFaults(Long.parseLong(parts[1]), Double.parseDouble(parts[2]));
    }

    /** Adds one fault; {@code @now} or no place is before the next frame. */
    public synchronized void add(String text) {
        if (waiting.size() >= MOST_WAITING) {
            throw new IllegalArgumentException("more than " + MOST_WAITING + " faults are waiting");
        }
        waiting.add(new Waiting(Fault.parse(text), order++));
    }

    /** Forgets what waits and lets everybody in again. */
    public synchronized void clear() {
        waiting.clear();
        gate.open();
    }

    @Override
    public synchronized @Nullable Trouble due(long number) {
        if (random != null) {
            random.until(number).forEach(fault -> waiting.add(new Waiting(fault, order++)));
        }
        Waiting first = waiting.peek();
        if (first == null || first.fault().at() > number) {
            return null;
        }
        waiting.poll();
        Fault fault = first.fault();
        struckInAll++;
        struck.addLast(new Struck(fault, number));
        if (struck.size() > MOST_REPORTED) {
            struck.removeFirst();
        }
        Fault.Refusal refusal = fault.refusal();
        if (refusal != null) {
            gate.close(refusal);
        }
        return fault.trouble();
    }

    public Gate gate() {
        return gate;
    }

    public synchronized long struck() {
        return struckInAll;
    }

    /** Those that struck, in order, then those that wait. */
    public synchronized List<Report> reports() {
        List<Report> reports = new ArrayList<>();
        for (Struck one : struck) {
            reports.add(report(one.fault(), one.number()));
        }
        waiting.stream().sorted().limit(MOST_REPORTED).forEach(one -> reports.add(report(one.fault(), -1)));
        return reports;
    }

    private static Report report(Fault fault, long number) {
        return new Report(
                fault.text(),
                fault.kind().asWritten(),
                number,
                fault.trouble().withheld(),
                fault.trouble().added());
    }
}
