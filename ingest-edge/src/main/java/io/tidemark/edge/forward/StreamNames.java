package io.tidemark.edge.forward;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.topic.Headers;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.log.LogBlock;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Key and constant headers of a record, found by the bytes that all records of its stream begin with: a stream is
 * parsed once, not each record. Used by the forwarder's thread.
 */
final class StreamNames {
    /** Streams of many incarnations may stand in one backlog. */
    private static final int MOST = 8192;

    record Names(byte[] key, List<Header> headers) {}

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

    private final Map<Key, Names> known = new HashMap<>();
    private final Key probe = new Key();

    Names of(LogBlock block, int at) {
        int from = block.envelope(at);
        int length = block.headLength(at);
        Names names = known.get(probe.over(block.bytes(), from, from + length));
        if (names == null) {
            byte[] head = Arrays.copyOfRange(block.bytes(), from, from + length);
            names = parse(head);
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(new Key().over(head, 0, length), names);
        }
        return names;
    }

    private static Names parse(byte[] head) {
        Envelope stream;
        try {
            stream = Envelope.parseFrom(head);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a record's head is no envelope", e);
        }
        return new Names(
                text(Topics.recordKey(stream.getSource(), stream.getSymbol())),
                List.of(
                        new RecordHeader(Headers.TENANT, text(stream.getTenant())),
                        new RecordHeader(Headers.SCHEMA_VERSION, text(Integer.toString(stream.getSchemaVersion()))),
                        new RecordHeader(Headers.EDGE, text(stream.getEdge())),
                        new RecordHeader(Headers.INCARNATION, text(Long.toString(stream.getIncarnation()))),
                        new RecordHeader(Headers.CHANNEL, text(stream.getChannel()))));
    }

    static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
