package io.tidemark.store.write;

import java.util.List;

/**
 * Records of one partition that a policy threw away: a range of offsets without a hole.
 *
 * @param next the first offset after it
 * @param identities of what was dropped, for whoever loads it again from the durable record
 */
public record Drop(long first, long next, String reason, DroppedIdentities identities) {
    static Drop of(Batch batch, OverflowPolicy policy) {
        DroppedIdentities identities = new DroppedIdentities();
        batch.records().forEach(identities::add);
        return new Drop(batch.from(), batch.next(), policy.word(), identities);
    }

    /** Whether the other one is its continuation. */
    boolean continuesIn(Drop other) {
        return next == other.first && reason.equals(other.reason);
    }

    Drop with(Drop other) {
        identities.add(other.identities);
        return new Drop(first, other.next, reason, identities);
    }

    /** How many records there were. */
    public long records() {
        return identities.records();
    }

    /** Adds a drop at the end, joined with the last one where it continues that. */
    static void append(List<Drop> drops, Drop drop) {
        int last = drops.size() - 1;
        if (last >= 0 && drops.get(last).continuesIn(drop)) {
            drops.set(last, drops.get(last).with(drop));
        } else {
            drops.add(drop);
        }
    }
}
