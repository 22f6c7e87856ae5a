package io.tidemark.edge.log;

/**
 * What stands in front of a block's payload.
 *
 * @param offset of the block in the file
 * @param records in it
 * @param kinds one bit per record kind in it, see {@link RecordKinds#bit}
 * @param firstRecord how many records of this log stand before it
 * @param firstReceive the earliest receive time in it
 * @param lastReceive the latest receive time in it
 */
public record BlockHead(
        long offset,
        byte type,
        byte codec,
        int storedLength,
        int rawLength,
        int records,
        int kinds,
        long firstRecord,
        long firstReceive,
        long lastReceive,
        int payloadCrc) {

    /** Where the next block begins. */
    public long next() {
        return offset + LogFormat.BLOCK_HEAD + storedLength;
    }

    /** Nothing is in it: a repair closed a damaged place, so that what stands behind it can be read. */
    public boolean isClosedPlace() {
        return type == LogFormat.RECORDS && rawLength == 0;
    }

    public boolean isSeal() {
        return type == LogFormat.SEAL;
    }
}
