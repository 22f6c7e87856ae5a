package io.tidemark.store.write;

/** Another writer owns the partition: its stored offset or epoch is not the expected one. */
public final class PartitionLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PartitionLostException(String message) {
        super(message);
    }
}
