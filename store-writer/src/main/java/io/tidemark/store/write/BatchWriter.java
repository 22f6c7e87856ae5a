package io.tidemark.store.write;

/** Writes a batch and its offset together or not at all; called by one worker per partition at a time. */
@FunctionalInterface
public interface BatchWriter {
    /** Throws {@link PartitionLostException} or {@link WriteException}; a repeat of the same batch is harmless. */
    void write(Batch batch);
}
