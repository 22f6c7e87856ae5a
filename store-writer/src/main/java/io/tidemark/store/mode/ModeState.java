package io.tidemark.store.mode;

/**
 * The mode row as it was read.
 *
 * @param epoch raised with each change; a transaction that was prepared under another one is refused
 */
public record ModeState(StoreMode mode, long epoch) {}
