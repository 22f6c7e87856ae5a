package io.tidemark.lake.flight;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the engine of the last sealed generation and keeps an older one for as long as a query runs on it.
 *
 * <p>Each lease looks whether there is a newer generation. At most {@link #MAX_ENGINES} exist at once, because
 * each has a memory limit of its own: while more would be needed, new queries go on seeing the generation before.
 * The same holds when a new generation cannot be opened; it is tried again with the next query.
 */
final class CurrentLake implements AutoCloseable {
    static final int MAX_ENGINES = 3;

    /** Queries see the tail at most this much later than it was written. */
    private static final long LIVE_REST_NANOS = 5_000_000_000L;

    private static final Logger LOG = Logger.getLogger(CurrentLake.class);

    private final SealedFiles lake;
    private final Path folder;
    private final FlightOptions.Limits limits;
    private final BufferAllocator allocator;
    private final Map<Long, Held> held = new TreeMap<>();
    private final Set<String> reported = new HashSet<>();
    private Held current;
    private long opened;
    private boolean closed;

    /** An engine and how many queries use it. */
    private static final class Held {
        private final long number;
        private final LakeEngine engine;
        private final long openedNanos = System.nanoTime();
        private int leases;

        Held(long number, LakeEngine engine) {
            this.number = number;
            this.engine = engine;
        }
    }

    /** The right to use an engine until it is closed. */
    final class Lease implements AutoCloseable {
        private final Held held;
        private boolean released;

        private Lease(Held held) {
            this.held = held;
        }

        LakeEngine engine() {
            return held.engine;
        }

        @Override
        public void close() {
            synchronized (CurrentLake.this) {
                if (!released) {
                    released = true;
                    held.leases--;
                    closeUnused();
                }
            }
        }
    }

    CurrentLake(SealedFiles lake, Path folder, FlightOptions.Limits limits, BufferAllocator allocator)
            throws IOException, SQLException {
        this.lake = lake;
        this.folder = folder;
        this.limits = limits;
        this.allocator = allocator;
        this.current = open();
    }

    synchronized Lease lease() {
        if (closed) {
            throw new IllegalStateException("the endpoint is closed");
        }
        refresh();
        current.leases++;
        return new Lease(current);
    }

    /** Why the newest generation is not what queries see, if so. */
    synchronized @Nullable String problem() {
        return reported.isEmpty() ? null : String.join("; ", reported);
    }

    synchronized long generation() {
        return current.engine.generation();
    }

    @Override
    public synchronized void close() {
        closed = true;
        closeUnused();
    }

    private void refresh() {
        try {
            if (!isStale()) {
                reported.clear();
                return;
            }
            if (held.size() >= MAX_ENGINES) {
                report("running queries keep " + held.size() + " generations open; the newest waits for one to end");
                return;
            }
            current = open();
            closeUnused();
            reported.clear();
        } catch (IOException | SQLException e) {
            report("the newest generation of the lake cannot be opened: " + e.getMessage());
        }
    }

    /** The tail changes all the time; it need not be followed at each query. */
    private boolean isStale() throws IOException {
        if (lake.generation() != current.engine.generation()) {
            return true;
        }
        return lake.liveVersion() != current.engine.liveVersion()
                && System.nanoTime() - current.openedNanos >= LIVE_REST_NANOS;
    }

    private Held open() throws IOException, SQLException {
        long number = opened++;
        Held next = new Held(number, LakeEngine.open(lake, folder.resolve("engine-" + number), limits, allocator));
        held.put(number, next);
        return next;
    }

    private void report(String problem) {
        if (reported.add(problem)) {
            LOG.warn(problem);
        }
    }

    private void closeUnused() {
        for (Iterator<Held> all = held.values().iterator(); all.hasNext(); ) {
            Held one = all.next();
            if (one.leases > 0 || (one == current && !closed)) {
                continue;
            }
            all.remove();
            try {
                one.engine.close();
            } catch (SQLException | IOException e) {
                LOG.warnf("engine %d was not closed cleanly: %s", one.number, e.getMessage());
            }
        }
    }
}
