package io.tidemark.edge.forward;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.log.LogTotals;
import io.tidemark.edge.log.RecordKinds;
import java.util.Optional;

/**
 * One family of one source on its way to Kafka: where reading stands, what is on its way, and up to where everything
 * was acknowledged.
 *
 * <p>The forwarder's thread reads and sends; acknowledgements come on the producer's thread, in any order between
 * partitions. The cursor passes a record only when all before it were acknowledged.
 */
final class Lane {
    /** Records on their way at most. */
    static final int WINDOW = 1024;

    final Topics family;
    final int kinds;
    private final long[] ordinals = new long[WINDOW];
    private final long[] offsets = new long[WINDOW];
    private final long[] totals = new long[WINDOW];
    private final int[] places = new int[WINDOW];
    private final boolean[] done = new boolean[WINDOW];
    private long firstOpen;
    private long nextSlot;
    private Cursor acknowledged;
    private int generation;

    /** Only the forwarder's thread. */
    Cursor position;

    Lane(Topics family, Cursor from) {
        this.family = family;
        this.kinds = kindsOf(family);
        this.position = from;
        this.acknowledged = from;
    }

    private static int kindsOf(Topics family) {
        int kinds = 0;
        for (Channel channel : Channel.values()) {
            if (Topics.of(channel).equals(Optional.of(family))) {
                kinds |= RecordKinds.bit(channel);
            }
        }
        return kinds;
    }

    /** How many records of the family the totals count. */
    long countIn(LogTotals logTotals) {
        long sum = 0;
        for (var channel : logTotals.channels().entrySet()) {
            if ((RecordKinds.bit(Channel.of(channel.getKey())) & kinds) != 0) {
                sum += channel.getValue();
            }
        }
        return sum;
    }

    synchronized boolean hasRoom() {
        return nextSlot - firstOpen < WINDOW;
    }

    synchronized boolean isIdle() {
        return nextSlot == firstOpen;
    }

    synchronized int generation() {
        return generation;
    }

    /** A record is about to be sent; {@code after} is the cursor behind it. */
    synchronized long sending(Cursor after) {
        int slot = (int) (nextSlot % WINDOW);
        ordinals[slot] = after.ordinal();
        offsets[slot] = after.offset();
        totals[slot] = after.total();
        places[slot] = after.at();
        done[slot] = false;
        position = after;
        return nextSlot++;
    }

    /** Reading passed records of other families. */
    synchronized void moveTo(Cursor to) {
        position = to;
        if (nextSlot == firstOpen) {
            acknowledged = to;
        }
    }

    /** False for what was sent before the last rewind. */
    synchronized boolean acknowledge(long slot, int ofGeneration) {
        if (ofGeneration != generation) {
            return false;
        }
        done[(int) (slot % WINDOW)] = true;
        while (firstOpen < nextSlot && done[(int) (firstOpen % WINDOW)]) {
            int at = (int) (firstOpen % WINDOW);
            acknowledged = new Cursor(ordinals[at], offsets[at], places[at], totals[at]);
            firstOpen++;
        }
        if (firstOpen == nextSlot) {
            // Records of other families behind the last one sent need no acknowledgement.
            acknowledged = position;
        }
        return true;
    }

    synchronized Cursor acknowledged() {
        return acknowledged;
    }

    /** Everything that was not acknowledged is sent again. */
    synchronized void rewind() {
        generation++;
        position = acknowledged;
        firstOpen = nextSlot;
    }
}
