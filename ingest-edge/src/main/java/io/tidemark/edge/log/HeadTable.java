package io.tidemark.edge.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.contracts.proto.Envelope;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What is known of a stream, found by the bytes that all its records begin with: a stream is parsed once, not each
 * record. Used by one thread.
 */
public final class HeadTable<T> {
    private static final class Key {
        private byte[] bytes = new byte[0];
        private int from;
        private int to;
        private int hash;

        Key over(byte[] array, int start, int end) {
            bytes = array;
            from = start;
            to = end;
            int h = 1;
            for (int i = start; i < end; i++) {
                h = 31 * h + array[i];
            }
            hash = h;
            return this;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(bytes, from, to, key.bytes, key.from, key.to);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private final Map<Key, T> known = new HashMap<>();
    private final Key probe = new Key();
    private final int most;
    private final Function<Envelope, T> meet;

    /**
     * @param most streams that are remembered; with one more all are forgotten
     * @param meet is given an envelope with a stream's constant fields
     */
    public HeadTable(int most, Function<Envelope, T> meet) {
        this.most = most;
        this.meet = meet;
    }

    public T of(LogBlock block, int at) {
        int from = block.envelope(at);
        int length = block.headLength(at);
        T value = known.get(probe.over(block.bytes(), from, from + length));
        if (value == null) {
            byte[] head = Arrays.copyOfRange(block.bytes(), from, from + length);
            try {
                value = meet.apply(Envelope.parseFrom(head));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("a record's head is no envelope", e);
            }
            if (known.size() >= most) {
                known.clear();
            }
            known.put(new Key().over(head, 0, length), value);
        }
        return value;
    }

    public Collection<T> values() {
        return known.values();
    }
}
