package io.tidemark.store.write;

import java.util.ArrayList;
import java.util.List;

/**
 * Records of one partition in their order, and the step of its offset that writing them makes.
 *
 * @param epoch of the claim under which they were read
 * @param from the stored offset has to be this one
 * @param next and becomes this one
 */
public record Batch(Partition partition, long epoch, long from, long next, List<Inbound> records) {
    int bytes() {
        int sum = 0;
        for (Inbound inbound : records) {
            sum += inbound.size();
        }
        return sum;
    }

    Batch followedBy(Batch other) {
        if (other.from != next || other.epoch != epoch || !other.partition.equals(partition)) {
            throw new IllegalArgumentException(
                    "batches of " + partition + " do not follow each other: " + next + ", " + other.from);
        }
        List<Inbound> both = new ArrayList<>(records.size() + other.records.size());
        both.addAll(records);
        both.addAll(other.records);
        return new Batch(partition, epoch, from, other.next, both);
    }
}
