package io.tidemark.edge.feed;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What one feed asks of its venue, checked. Immutable. */
public interface VenuePlan {
    /** Where the venue's REST interface is, without a slash at the end. */
    String restAddress();

    /** How many instruments are asked for. */
    int instruments();

    /** Only aggregate trades are asked for, so bars are built from them. */
    default boolean barsFromAggregates() {
        return false;
    }

    /** How old a connection may get before the venue closes it: another is opened before. */
    default Optional<Duration> connectionMaxAge() {
        return Optional.empty();
    }

    Venue open(EventRecorder recorder, RandomGenerator random);
}
