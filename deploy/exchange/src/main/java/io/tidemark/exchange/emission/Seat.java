package io.tidemark.exchange.emission;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client and what it wants. */
final class Seat {
    final Receiver receiver;
    final @Nullable Long logged;
    Set<String> streams = Set.of();

    Seat(Receiver receiver, @Nullable Long logged) {
        this.receiver = receiver;
        this.logged = logged;
    }

    boolean listens() {
        return !streams.isEmpty();
    }

    /** Those over which positions count: the resuming ones, or all if there are none. */
    static List<Seat> counting(List<Seat> seats) {
        List<Seat> resuming = seats.stream().filter(seat -> seat.logged != null).toList();
        return resuming.isEmpty() ? List.copyOf(seats) : resuming;
    }
}
