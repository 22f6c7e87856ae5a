package io.tidemark.edge.venue;

import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.edge.feed.EventRecorder;
import io.tidemark.edge.feed.VenueLink;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks for fresh snapshots of books that are out of step, never in a tight loop: the first time at once, then with
 * doubled waits until a book has stayed in step for a minute. A book that waits for the first snapshot of its
 * connection is given time.
 */
public final class BookRenewals {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration BASE = Duration.ofSeconds(5);
    private static final Duration CEILING = Duration.ofMinutes(5);
    private static final long STEADY_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MAX_DOUBLINGS = 6;

    private final EventRecorder recorder;
    private final Consumer<SocketBook> ask;
    private @Nullable VenueLink link;
    private long openedAt;

    /** {@code ask}: unsubscribes and subscribes, or whatever brings a snapshot. */
    public BookRenewals(EventRecorder recorder, Consumer<SocketBook> ask) {
        this.recorder = recorder;
        this.ask = ask;
    }

    public void opened(VenueLink newLink) {
        link = newLink;
        openedAt = recorder.receiveTime();
    }

    /** Each book is told by {@link SocketBook#interrupted} as well. */
    public void closed() {
        link = null;
    }

    /** To be called with every change that finds its book out of step. */
    public void wanted(SocketBook book) {
        VenueLink open = link;
        if (open == null || book.renewingOn == open || !book.wantsSnapshot()) {
            return;
        }
        boolean wasInStep = book.inStepSince() != EventEncoder.ABSENT && book.inStepSince() >= openedAt;
        if (wasInStep && recorder.receiveTime() - book.inStepSince() > STEADY_NANOS) {
            book.renewals = 0;
        }
        Duration wait = Duration.ZERO;
        if (!wasInStep && book.renewals == 0) {
            wait = PATIENCE;
        } else if (book.renewals > 0) {
            wait = BASE.multipliedBy(1L << Math.min(book.renewals - 1, MAX_DOUBLINGS));
        }
        if (wait.compareTo(CEILING) > 0) {
            wait = CEILING;
        }
        book.renewals++;
        book.renewingOn = open;
        open.after(wait, () -> renew(open, book));
    }

    private void renew(VenueLink open, SocketBook book) {
        if (!book.wantsSnapshot()) {
            book.renewingOn = null;
            return;
        }
        ask.accept(book);
        // The snapshot may not come: then the next change asks again.
        open.after(PATIENCE, () -> book.renewingOn = null);
    }
}
