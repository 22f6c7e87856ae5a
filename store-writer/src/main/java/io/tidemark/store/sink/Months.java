package io.tidemark.store.sink;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;

/** The months (UTC) that times fall into. Used by one thread. */
final class Months {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long SECONDS_PER_DAY = 86_400;

    private final Set<LocalDate> firstDays = new TreeSet<>();
    private long day = Long.MIN_VALUE;

    void add(long nanos) {
        long of = Math.floorDiv(nanos, NANOS_PER_SECOND * SECONDS_PER_DAY);
        if (of != day) {
            day = of;
            firstDays.add(Instant.ofEpochSecond(of * SECONDS_PER_DAY)
                    .atOffset(ZoneOffset.UTC)
                    .toLocalDate()
                    .withDayOfMonth(1));
        }
    }

    Set<LocalDate> firstDays() {
        return firstDays;
    }
}
