package io.tidemark.store.consume;

import java.util.List;

/** How far the group is behind the ends of its topics. */
record Lag(List<Part> parts) {
    /**
     * One partition.
     *
     * @param next the stored offset
     * @param end the broker's end, read before the stored offset
     */
    record Part(String topic, int partition, long next, long end) {
        long missing() {
            return Math.max(0, end - next);
        }
    }

    /** The partitions of one topic. */
    Lag of(String topic) {
        return new Lag(parts.stream().filter(part -> part.topic.equals(topic)).toList());
    }

    /** Records that are not committed in the database; 0 only if all up to the ends are. */
    long total() {
        return parts.stream().mapToLong(Part::missing).sum();
    }

    long end() {
        return parts.stream().mapToLong(Part::end).sum();
    }

    long stored() {
        return parts.stream().mapToLong(Part::next).sum();
    }
}
