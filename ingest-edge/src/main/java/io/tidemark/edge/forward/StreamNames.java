package io.tidemark.edge.forward;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.topic.Headers;
import io.tidemark.contracts.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Key and headers that all records of a stream have in common. */
record StreamNames(byte[] key, List<Header> headers) {
    /** Streams of many incarnations may stand in one backlog. */
    static final int MOST = 8192;

    static StreamNames of(Envelope stream) {
        return new StreamNames(
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
