package io.tidemark.edge.forward;

import io.tidemark.contracts.topic.Headers;
import io.tidemark.edge.log.HeadTable;
import io.tidemark.edge.log.LogBlock;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.log.StoredLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.TimestampType;

/** Walks the log as the forwarder does and encodes Kafka's own batches, uncompressed, without sending them. */
public final class RecordEncoding implements AutoCloseable {
    private final SourceLanes lanes;
    private final HeadTable<StreamNames> names = new HeadTable<>(StreamNames.MOST, StreamNames::of);
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private MemoryRecordsBuilder batch = fresh();
    private long records;
    private long bytes;

    public RecordEncoding(LogStore store, String source) {
        lanes = new SourceLanes(store, source);
    }

    private MemoryRecordsBuilder fresh() {
        buffer.clear();
        return MemoryRecords.builder(buffer, Compression.NONE, TimestampType.CREATE_TIME, 0);
    }

    /** Takes everything that is in the log. */
    public void drain() throws IOException {
        int sent;
        do {
            sent = 0;
            for (Lane lane : lanes.lanes()) {
                sent += lanes.walk(lane, 512, this::encode);
            }
        } while (sent > 0);
    }

    private boolean encode(Lane lane, LogBlock block, int at, StoredLog log, Cursor after) {
        int from = block.envelope(at);
        byte[] value = Arrays.copyOfRange(block.bytes(), from, from + block.length(at));
        StreamNames stream = names.of(block, at);
        List<Header> headers = new ArrayList<>(stream.headers().size() + 2);
        headers.addAll(stream.headers());
        headers.add(new RecordHeader(Headers.SEQUENCE, StreamNames.text(Long.toString(block.sequence(at)))));
        headers.add(new RecordHeader(
                Headers.SEGMENT, StreamNames.text(log.header().segment().toString())));
        Header[] all = headers.toArray(new Header[0]);
        if (!batch.hasRoomFor(0L, stream.key(), value, all)) {
            bytes += batch.build().sizeInBytes();
            batch = fresh();
        }
        batch.append(0L, stream.key(), value, all);
        long slot = lane.sending(after);
        lane.acknowledge(slot, lane.generation());
        records++;
        return true;
    }

    public long records() {
        return records;
    }

    public long bytes() {
        return bytes;
    }

    /** As the cursor passes, logs are let go. */
    public void save() throws IOException {
        lanes.save();
    }

    @Override
    public void close() throws IOException {
        lanes.close();
    }
}
