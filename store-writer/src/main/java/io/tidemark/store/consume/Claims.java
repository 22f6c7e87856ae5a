package io.tidemark.store.consume;

import io.tidemark.store.write.Partition;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that Kafka gave to this process and those of them that it has claimed in the database, with
 * how far each was read. Any thread.
 */
@Singleton
final class Claims {
    /** What to do with a record that came. */
    enum Verdict {
        TAKE,
        /** It was read before: Kafka stood further back than the database. */
        SKIP,
        /** Records before it are missing: read again from the expected one. */
        READ_AGAIN,
        /** It came after a second reading: the missing ones are gone from Kafka. */
        TAKE_AFTER_HOLE
    }

    private static final class Claim {
        final long epoch;
        long position;
        long holeEndsAt = -1;

        Claim(long epoch, long position) {
            this.epoch = epoch;
            this.position = position;
        }
    }

    private final Set<Partition> assigned = new HashSet<>();
    private final Map<Partition, Claim> claims = new HashMap<>();
    private final Map<Partition, Long> stored = new HashMap<>();

    synchronized void assigned(Partition partition) {
        assigned.add(partition);
    }

    synchronized void revoked(Partition partition) {
        assigned.remove(partition);
        released(partition);
    }

    synchronized void claimed(Partition partition, long epoch, long position) {
        claims.put(partition, new Claim(epoch, position));
        stored.remove(partition);
    }

    /** Another writer claimed it since. */
    synchronized void released(Partition partition) {
        claims.remove(partition);
        stored.remove(partition);
    }

    /** Whether something was assigned that is not, or no longer, claimed. */
    synchronized boolean unclaimed() {
        return !claims.keySet().containsAll(assigned);
    }

    /** The epoch of the claim; 0 without one. */
    synchronized long epoch(Partition partition) {
        Claim claim = claims.get(partition);
        return claim == null ? 0 : claim.epoch;
    }

    /** The offset that has to come next; -1 without a claim. */
    synchronized long position(Partition partition) {
        Claim claim = claims.get(partition);
        return claim == null ? -1 : claim.position;
    }

    /** Judges the next record of a claimed partition and, when it is taken, moves on behind it. */
    synchronized Verdict judge(Partition partition, long offset) {
        Claim claim = claims.get(partition);
        if (claim == null) {
            return Verdict.SKIP;
        }
        if (offset < claim.position) {
            return Verdict.SKIP;
        }
        boolean hole = offset > claim.position;
        // A record that was fetched before the last seek also looks like the end of a hole; only one that
        // comes again after reading again from the expected offset really is.
        if (hole && claim.holeEndsAt != offset) {
            claim.holeEndsAt = claim.holeEndsAt < 0 ? offset : Math.min(claim.holeEndsAt, offset);
            return Verdict.READ_AGAIN;
        }
        claim.holeEndsAt = -1;
        claim.position = offset + 1;
        return hole ? Verdict.TAKE_AFTER_HOLE : Verdict.TAKE;
    }

    synchronized void stored(Partition partition, long epoch, long next) {
        Claim claim = claims.get(partition);
        if (claim != null && claim.epoch == epoch) {
            stored.put(partition, next);
        }
    }

    /** Offsets that were stored since the last call. */
    synchronized @Nullable Map<Partition, Long> takeStored() {
        if (stored.isEmpty()) {
            return null;
        }
        Map<Partition, Long> taken = new HashMap<>(stored);
        stored.clear();
        return taken;
    }

    synchronized List<Partition> held() {
        List<Partition> held = new ArrayList<>(claims.keySet());
        held.sort(null);
        return held;
    }
}
