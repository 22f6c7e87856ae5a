package io.tidemark.exchange.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A plan that makes itself: the same seed and rate give the same faults at the same frames. */
final class RandomFaults {
    private static final List<String> MADE = List.of(
            "mute@%d:300ms",
            "skip@%dx1",
            "skip@%dx7",
            "duplicate@%d",
            "duplicate@%dx3",
            "reorder@%d",
            "garbage@%d",
            "half-frame@%d",
            "huge-frame@%d:17MB",
            "disconnect@%d",
            "close-24h@%d",
            "flood@%d:200ms",
            "refuse@%dx1:429:1s");

    private final Random random;
    private final double rate;
    private long planned;

    /** @param rate faults per frame, such as 0.001 */
    RandomFaults(long seed, double rate) {
        this.random = new Random(seed);
        this.rate = rate;
    }

    /** The faults up to and with this frame that were not given out before. */
    List<Fault> until(long number) {
        List<Fault> faults = new ArrayList<>();
        while (planned < number) {
            planned++;
            if (random.nextDouble() < rate) {
                String form = MADE.get(random.nextInt(MADE.size()));
                faults.add(Fault.parse(form.replace("%d", Long.toString(planned))));
            }
        }
        return faults;
    }
}
