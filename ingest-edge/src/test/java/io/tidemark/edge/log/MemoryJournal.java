package io.tidemark.edge.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.StreamHead;
import io.tidemark.contracts.proto.Envelope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A journal that keeps committed batches in memory; decoded, so that a test can look at them. */
public final class MemoryJournal implements Journal {
    private final String source;
    private final long incarnation;
    private final Map<String, Stream> streams = new HashMap<>();
    private final EventEncoder encoder = new EventEncoder();
    private final List<Envelope> open = new ArrayList<>();
    private final List<Stream> openStreams = new ArrayList<>();
    private final List<List<Envelope>> batches = new ArrayList<>();
    private int marked;
    private long frames;

    public MemoryJournal(String source) {
        this(source, 1, 0);
    }

    public MemoryJournal(String source, long incarnation, long frames) {
        this.source = source;
        this.incarnation = incarnation;
        this.frames = frames;
    }

    public synchronized List<List<Envelope>> batches() {
        return List.copyOf(batches);
    }

    public synchronized List<Envelope> events() {
        return batches.stream().flatMap(List::stream).toList();
    }

    public List<Envelope> events(String channel) {
        return events().stream().filter(e -> e.getChannel().equals(channel)).toList();
    }

    @Override
    public Stream stream(String channel, String symbol, String venueSymbol, Connector connector) {
        Stream stream = streams.computeIfAbsent(
                channel + "|" + symbol + "|" + (channel.equals(Channel.FRAMES.label()) ? connector : ""),
                key -> new Stream(new StreamHead(
                        "default", "test-edge", incarnation, source, channel, symbol, venueSymbol, connector)));
        if (stream.head().connector() != connector) {
            throw new IllegalStateException(channel + " of " + symbol + " has two connectors");
        }
        return stream;
    }

    @Override
    public EventEncoder encoder() {
        return encoder;
    }

    @Override
    public void add(Stream stream) {
        byte[] bytes = java.util.Arrays.copyOf(encoder.array(), encoder.length());
        try {
            Envelope event = Envelope.parseFrom(bytes);
            if (event.getSequence() != stream.sequence()
                    || !event.getChannel().equals(stream.head().channel())) {
                throw new IllegalStateException("encoded for another stream: " + event);
            }
            open.add(event);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
        openStreams.add(stream);
        stream.advance();
    }

    @Override
    public void mark() {
        marked = open.size();
    }

    @Override
    public void rollback() {
        while (open.size() > marked) {
            open.remove(open.size() - 1);
            Stream stream = openStreams.remove(openStreams.size() - 1);
            stream.rewind(stream.sequence() - 1);
        }
    }

    @Override
    public void abandon() {
        marked = 0;
        rollback();
    }

    @Override
    public synchronized void commit() {
        if (open.isEmpty()) {
            throw new IllegalStateException("nothing to commit");
        }
        frames += open.stream()
                .filter(e -> e.getChannel().equals(Channel.FRAMES.label())
                        && e.getConnector().equals("ws"))
                .count();
        batches.add(List.copyOf(open));
        open.clear();
        openStreams.clear();
        marked = 0;
    }

    @Override
    public synchronized long framesLogged() {
        return frames;
    }
}
