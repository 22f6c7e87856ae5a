package io.tidemark.edge.log;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.StreamHead;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Gap;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One source's log as its feed sees it: streams and their sequences, the open batch, and the gap events that others
 * want recorded.
 *
 * <p>The {@link Journal} side is used by the source's own thread only. What {@code write()} returned for survives a
 * kill of the process, what was synced a power cut; {@link LogWriter} sees to both. A {@link #commit} that throws
 * {@link LogUnavailableException} has recorded nothing of its batch.
 */
public final class EventLog implements Journal, AutoCloseable {
    private final LogStore store;
    private final LogFolder folder;
    private final LogWriter writer;
    private final Map<String, Stream> streams = new HashMap<>();
    private final EventEncoder encoder = new EventEncoder();
    private final BatchBuffer batch = new BatchBuffer();
    private final Queue<Gap> notices = new ConcurrentLinkedQueue<>();
    private boolean promised;
    private long framesTaken;
    private volatile long framesCommitted;

    EventLog(LogStore store, LogFolder folder, LogSettings settings) {
        this.store = store;
        this.folder = folder;
        this.writer = new LogWriter(store, folder, settings);
        this.framesTaken = folder.totals().webSocketFrames();
        this.framesCommitted = folder.totals().webSocketFrames();
    }

    public String source() {
        return folder.source();
    }

    @Override
    public Stream stream(String channel, String symbol, String venueSymbol, Connector connector) {
        return streams.computeIfAbsent(channel + '/' + symbol, key -> {
            StreamHead head = new StreamHead(
                    store.tenant(),
                    store.edge(),
                    store.incarnation(),
                    source(),
                    channel,
                    symbol,
                    venueSymbol,
                    connector);
            Stream stream = new Stream(head);
            stream.headLength = headLength(head);
            stream.kind = (byte) (RecordKinds.number(head.kind())
                    | (head.kind() == Channel.FRAMES && connector == Connector.WS ? RecordKinds.WEB_SOCKET_FRAME : 0));
            stream.counter = writer.counter(channel);
            return stream;
        });
    }

    private static int headLength(StreamHead head) {
        return Envelope.newBuilder()
                .setSchemaVersion(StreamHead.SCHEMA_VERSION)
                .setTenant(head.tenant())
                .setEdge(head.edge())
                .setIncarnation(head.incarnation())
                .setSource(head.source())
                .setChannel(head.channel())
                .setSymbol(head.symbol())
                .setVenueSymbol(head.venueSymbol())
                .setConnector(head.connector().label())
                .build()
                .getSerializedSize();
    }

    @Override
    public EventEncoder encoder() {
        return encoder;
    }

    @Override
    public void add(Stream stream) {
        batch.add(stream, encoder.array(), encoder.length());
    }

    @Override
    public void mark() {
        batch.mark();
    }

    @Override
    public void rollback() {
        batch.rollback();
    }

    @Override
    public void abandon() {
        batch.abandon();
    }

    @Override
    public long framesLogged() {
        return framesCommitted;
    }

    /** Records for which {@code write()} returned, of all incarnations. */
    public LogTotals written() {
        return writer.written();
    }

    /** Records that were committed, written or not, of all incarnations. */
    public LogTotals committed() {
        return writer.taken();
    }

    @Override
    public void ready(long receiveTime) {
        try {
            writer.ready(receiveTime);
            promised = true;
        } catch (IOException e) {
            throw new LogUnavailableException(source(), e);
        }
    }

    @Override
    public void commit() {
        if (batch.isEmpty()) {
            return;
        }
        batch.end();
        int frames = 0;
        for (int i = 0; i < batch.records(); i++) {
            frames += (batch.stream(i).kind & RecordKinds.WEB_SOCKET_FRAME) != 0 ? 1 : 0;
        }
        try {
            if (promised) {
                writer.takePromised(batch);
            } else {
                writer.take(batch);
            }
            promised = false;
        } catch (IOException e) {
            batch.abandon();
            throw new LogUnavailableException(source(), e);
        } catch (OutOfMemoryError e) {
            batch.abandon();
            throw e;
        }
        framesTaken += frames;
        framesCommitted = framesTaken;
        batch.clear();
        Gap notice = notices.poll();
        if (notice != null) {
            try {
                record(notice);
            } catch (LogUnavailableException e) {
                // The batch itself was taken; the notice waits for the next one.
                notices.add(notice);
            }
        }
    }

    /** Has a gap event recorded behind the source's next batch. Safe for all threads. */
    void tell(Gap gap) {
        notices.add(gap);
    }

    /** Records a gap as a batch of its own; the source's thread only. */
    void record(Gap gap) {
        Stream stream = stream(Channel.GAPS.label(), Channel.WHOLE_CONNECTION, "", Connector.WS);
        encoder.encode(
                stream.head(),
                stream.sequence(),
                store.wallNanos(),
                EventEncoder.ABSENT,
                Envelope.newBuilder().setGap(gap).build());
        add(stream);
        commit();
    }

    /** Called by the flusher. */
    void tick() {
        writer.tick();
    }

    /** Writes and syncs what there is and seals the log; the next commit opens another. */
    public void rotate() throws IOException {
        writer.rotate();
    }

    /** Seals the log. An open batch is forgotten: it was never committed. */
    @Override
    public void close() throws IOException {
        writer.close();
    }
}
