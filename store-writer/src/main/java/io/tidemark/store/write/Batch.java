package io.tidemark.store.write;

import java.util.ArrayList;
import java.util.List;

/**
 * Records of one partition in their order, and the step of its offset that writing them makes.
 *
 * @param epoch of the claim under which they were read
 * @param from the stored offset has to be this one
 * @param next and becomes this one
 * @param drops ranges in between that a policy threw away
 */
public record Batch(Partition partition, long epoch, long from, long next, List<Inbound> records, List<Drop> drops) {
    /** With nothing dropped. */
    public Batch(Partition partition, long epoch, long from, long next, List<Inbound> records) {
        this(partition, epoch, from, next, records, List.of());
    }

    int bytes() {
        int sum = 0;
        for (Inbound inbound : records) {
            sum += inbound.size();
        }
        return sum;
    }

    /** The step of the offset, without the records. */
    Batch dropped(OverflowPolicy policy) {
        return new Batch(partition, epoch, from, next, List.of(), List.of(Drop.of(this, policy)));
    }

    /** One batch of several that follow each other. */
    static Batch joined(List<Batch> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        Batch first = parts.get(0);
        List<Inbound> records = new ArrayList<>();
        List<Drop> drops = new ArrayList<>();
        long next = first.from;
        for (Batch part : parts) {
            if (part.from != next || part.epoch != first.epoch || !part.partition.equals(first.partition)) {
                throw new IllegalArgumentException(
                        "batches of " + first.partition + " do not follow each other: " + next + ", " + part.from);
            }
            records.addAll(part.records);
            part.drops.forEach(drop -> Drop.append(drops, drop));
            next = part.next;
        }
        return new Batch(first.partition, first.epoch, first.from, next, records, drops);
    }
}
