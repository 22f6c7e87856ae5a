package io.tidemark.edge.poll;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Spaces the requests to each host, over all sources that ask it, and keeps away from a host that asked for it.
 *
 * <p>Times are nanoseconds of one monotonic clock. Safe for all threads.
 */
public final class HostGate {
    private static final class Host {
        private long gap;
        private long next;
        private long closedUntil;
        private boolean used;
        private boolean closed;
    }

    private final Map<String, Host> hosts = new HashMap<>();

    /** A source announces how often it may ask a host; the slowest of a host's sources sets its pace. */
    public synchronized void limit(String host, double perSecond) {
        Host known = host(host);
        known.gap = Math.max(known.gap, (long) (1e9 / perSecond));
    }

    /** Takes the next place in the host's line: how long to wait for it, from now. */
    public synchronized long reserve(String host, long now) {
        Host known = host(host);
        long at = now;
        if (known.used && known.next - at > 0) {
            at = known.next;
        }
        if (known.closed) {
            if (known.closedUntil - at > 0) {
                at = known.closedUntil;
            } else {
                known.closed = false;
            }
        }
        known.used = true;
        known.next = at + known.gap;
        return at - now;
    }

    /** The host asked to be left alone. */
    public synchronized void close(String host, Duration time, long now) {
        Host known = host(host);
        long until = now + time.toNanos();
        if (!known.closed || until - known.closedUntil > 0) {
            known.closedUntil = until;
        }
        known.closed = true;
    }

    /** How long the host is still to be left alone; zero when it is not. */
    public synchronized long closedFor(String host, long now) {
        Host known = host(host);
        return known.closed ? Math.max(0, known.closedUntil - now) : 0;
    }

    private Host host(String name) {
        return hosts.computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new Host());
    }
}
