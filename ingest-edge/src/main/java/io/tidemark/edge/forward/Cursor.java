package io.tidemark.edge.forward;

/**
 * How far one family of one source came.
 *
 * @param ordinal of the log
 * @param offset of the block in the log's file; 0 is its first block, wherever that is
 * @param at the next record's place in the unpacked block
 * @param total records of the family before it, of all logs of the source
 */
record Cursor(long ordinal, long offset, int at, long total) {
    static final Cursor START = new Cursor(0, 0, 0, 0);
}
