package io.tidemark.store.write;

/** A Kafka partition. */
public record Partition(String topic, int number) implements Comparable<Partition> {
    @Override
    public int compareTo(Partition other) {
        int order = topic.compareTo(other.topic);
        return order == 0 ? Integer.compare(number, other.number) : order;
    }

    @Override
    public String toString() {
        return topic + "/" + number;
    }
}
