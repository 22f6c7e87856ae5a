package io.tidemark.store.feedback;

/**
 * How far the whole group is with one family, as brokers and database tell it.
 *
 * @param family the topic's short name
 * @param nanos when it was measured, of a clock that only goes on
 * @param end sum of the partitions' end offsets
 * @param stored sum of their stored offsets
 * @param epoch of the sender: rises whenever another writer becomes the sender; 0 when this one is not
 */
public record GroupProgress(String family, long nanos, long end, long stored, long epoch) {}
