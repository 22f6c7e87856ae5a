package io.tidemark.edge.log;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;

/**
 * One unpacked block: whole batches, read where they lie.
 *
 * <p>A record is named by the place where it begins: from {@link #first()} by {@link #next} to {@link #end()}.
 * Immutable once read; may be shared between threads.
 */
public final class LogBlock {
    private static final int LARGE = 512 << 10;

    private static final int SEQUENCE_TAG = 0x50;
    private static final int RECEIVE_TAG = 0x59;
    private static final int EXCHANGE_TAG = 0x61;

    private final BlockHead head;
    private final byte[] raw;

    LogBlock(BlockHead head, byte[] raw) {
        this.head = head;
        this.raw = raw;
    }

    public BlockHead head() {
        return head;
    }

    public byte[] bytes() {
        return raw;
    }

    public int first() {
        return 0;
    }

    public int end() {
        return head.rawLength();
    }

    public int next(int at) {
        return envelope(at) + length(at);
    }

    public Channel channel(int at) {
        return RecordKinds.channel(raw[at + 4]);
    }

    /** The kind's bit, as in {@link BlockHead#kinds()}. */
    public int kindBit(int at) {
        return 1 << RecordKinds.number(raw[at + 4]);
    }

    public boolean isWebSocketFrame(int at) {
        return (raw[at + 4] & RecordKinds.WEB_SOCKET_FRAME) != 0;
    }

    public boolean endsBatch(int at) {
        return (raw[at + 4] & RecordKinds.BATCH_END) != 0;
    }

    /** Where the envelope's bytes begin; the first {@link #headLength} of them are the same for the whole stream. */
    public int envelope(int at) {
        return at + LogFormat.RECORD_HEAD;
    }

    public int length(int at) {
        return (int) LogFormat.INT.get(raw, at);
    }

    public int headLength(int at) {
        return (short) LogFormat.SHORT.get(raw, at + 5) & 0xffff;
    }

    public long sequence(int at) {
        int place = envelope(at) + headLength(at);
        return place < next(at) && raw[place] == SEQUENCE_TAG ? varint(place + 1) : 0;
    }

    public long receiveTime(int at) {
        return receiveTime(raw, envelope(at) + headLength(at), next(at));
    }

    /** Exchange time, or receive time where the venue gave none: without parsing the event. */
    public long eventTime(int at) {
        int place = afterSequence(raw, envelope(at) + headLength(at), next(at));
        long receive = 0;
        if (place < next(at) && raw[place] == RECEIVE_TAG) {
            receive = Long.reverseBytes((long) LogFormat.LONG.get(raw, place + 1));
            place += 9;
        }
        return place < next(at) && raw[place] == EXCHANGE_TAG
                ? Long.reverseBytes((long) LogFormat.LONG.get(raw, place + 1))
                : receive;
    }

    static long receiveTime(byte[] bytes, int behindHead, int end) {
        int place = afterSequence(bytes, behindHead, end);
        return place < end && bytes[place] == RECEIVE_TAG
                ? Long.reverseBytes((long) LogFormat.LONG.get(bytes, place + 1))
                : 0;
    }

    private static int afterSequence(byte[] bytes, int behindHead, int end) {
        int place = behindHead;
        if (place < end && bytes[place] == SEQUENCE_TAG) {
            place++;
            while (bytes[place] < 0) {
                place++;
            }
            place++;
        }
        return place;
    }

    private long varint(int from) {
        long value = 0;
        int place = from;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = raw[place++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                break;
            }
        }
        return value;
    }

    /** The event, parsed. {@link Events} reads what all have. */
    public Envelope event(int at) {
        try {
            if (length(at) > LARGE) {
                // Shares the block's array: a small heap has no room for a second copy of a message of megabytes.
                CodedInputStream shared = UnsafeByteOperations.unsafeWrap(raw, envelope(at), length(at))
                        .newCodedInput();
                shared.enableAliasing(true);
                return Envelope.parser().parseFrom(shared);
            }
            return Envelope.parser().parseFrom(raw, envelope(at), length(at));
        } catch (InvalidProtocolBufferException e) {
            // The checksum held, so the bytes are what this program wrote.
            throw new IllegalStateException("record " + at + " of the block at " + head.offset() + " is no event", e);
        }
    }
}
