package io.tidemark.lake.flight;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.arrow.flight.CallStatus;

/** The statements that clients have prepared or not fetched yet: so many, and each only so long. */
final class Handles {
    private static final int ID_BYTES = 16;

    private final int max;
    private final long idleNanos;
    private final LongSupplier nanoTime;
    private final SecureRandom random = new SecureRandom();
    /** In the order of last use, the longest unused first. */
    private final LinkedHashMap<ByteString, Handle> all = new LinkedHashMap<>(64, 0.75f, true);

    /** A planned statement, the parameters bound to it, and its running queries. */
    static final class Handle {
        private final ByteString id;
        private final Plan plan;
        private final Set<Watch> running = ConcurrentHashMap.newKeySet();
        private volatile Parameters parameters = Parameters.NONE;
        private long lastUse;

        private Handle(ByteString id, Plan plan) {
            this.id = id;
            this.plan = plan;
        }

        ByteString id() {
            return id;
        }

        Plan plan() {
            return plan;
        }

        Parameters parameters() {
            return parameters;
        }

        void bind(Parameters values) {
            parameters = values;
        }

        Set<Watch> running() {
            return running;
        }
    }

    Handles(int max, Duration idle, LongSupplier nanoTime) {
        this.max = max;
        this.idleNanos = idle.toNanos();
        this.nanoTime = nanoTime;
    }

    synchronized Handle add(Plan plan) {
        long now = nanoTime.getAsLong();
        expire(now);
        if (all.size() >= max) {
            throw CallStatus.RESOURCE_EXHAUSTED
                    .withDescription(
                            "there are " + max + " open statements already; close some (lake.flight.max-handles)")
                    .toRuntimeException();
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Handle handle = new Handle(ByteString.copyFrom(id), plan);
        handle.lastUse = now;
        all.put(handle.id, handle);
        return handle;
    }

    synchronized Handle get(ByteString id) {
        long now = nanoTime.getAsLong();
        expire(now);
        Handle handle = all.get(id);
        if (handle == null) {
            throw CallStatus.NOT_FOUND
                    .withDescription("this statement is not open any more; prepare it again")
                    .toRuntimeException();
        }
        handle.lastUse = now;
        return handle;
    }

    synchronized void remove(ByteString id) {
        all.remove(id);
    }

    synchronized int size() {
        return all.size();
    }

    private void expire(long now) {
        for (Iterator<Map.Entry<ByteString, Handle>> oldest = all.entrySet().iterator(); oldest.hasNext(); ) {
            Handle handle = oldest.next().getValue();
            if (now - handle.lastUse < idleNanos) {
                return;
            }
            oldest.remove();
        }
    }
}
