package io.tidemark.local.count;

/**
 * How many events of one channel stand in each place.
 *
 * @param decoded by the edge
 * @param logged in the edge's log
 * @param segments rows in {@code ready/}
 * @param raw rows in {@code lake/raw}
 * @param sealed rows in the sealed event lake
 * @param kafka distinct identities on Kafka
 * @param conflated identities that session events name as conflated: they do not go to Kafka
 */
public record ChannelCounts(
        long decoded, long logged, long segments, long raw, long sealed, long kafka, long conflated) {
    static final ChannelCounts NONE = new ChannelCounts(0, 0, 0, 0, 0, 0, 0);

    ChannelCounts plus(ChannelCounts other) {
        return new ChannelCounts(
                decoded + other.decoded,
                logged + other.logged,
                segments + other.segments,
                raw + other.raw,
                sealed + other.sealed,
                kafka + other.kafka,
                conflated + other.conflated);
    }
}
