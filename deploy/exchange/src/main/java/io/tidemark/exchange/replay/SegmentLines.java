package io.tidemark.exchange.replay;

import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.FrameKind;
import io.tidemark.exchange.recording.CapturedLine;
import io.tidemark.exchange.recording.CapturedLine.Origin;
import io.tidemark.exchange.recording.LineSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Merges the streams of a {@link SegmentRecording} by receipt time; within a stream the order is the
 * recorded one even where the edge's clock stepped back. One file of each stream is open at a time.
 */
final class SegmentLines implements LineSource {
    private final Path folder;
    private final long from;
    private final long to;
    private final List<OneStream> streams = new ArrayList<>();
    private long number;

    SegmentLines(Path folder, List<List<Path>> streams, long from, long to) throws IOException {
        this.folder = folder;
        this.from = from;
        this.to = to;
        for (List<Path> files : streams) {
            this.streams.add(new OneStream(files));
        }
    }

    @Override
    public Path file() {
        return folder;
    }

    @Override
    public @Nullable CapturedLine next() throws IOException {
        OneStream first = null;
        long earliest = Long.MAX_VALUE;
        for (OneStream stream : streams) {
            Envelope head = stream.head();
            if (head != null && (first == null || head.getReceiveTime() < earliest)) {
                first = stream;
                earliest = head.getReceiveTime();
            }
        }
        Envelope event = first == null ? null : first.take();
        return event == null ? null : line(event);
    }

    private CapturedLine line(Envelope event) {
        boolean rest = event.getConnector().equals("rest");
        boolean binary = event.getFrame().getKind() == FrameKind.FRAME_KIND_BINARY;
        String text = binary
                ? Base64.getEncoder()
                        .encodeToString(event.getFrame().getPayload().toByteArray())
                : event.getFrame().getPayload().toStringUtf8();
        return new CapturedLine(
                rest ? Origin.REST : Origin.SOCKET,
                event.getReceiveTime(),
                rest ? event.getFrame().getRequest() : null,
                text,
                binary,
                ++number,
                "");
    }

    @Override
    public void close() throws IOException {
        for (OneStream stream : streams) {
            stream.close();
        }
    }

    private final class OneStream {
        private final Deque<Path> files;
        private @Nullable EventFileReader reader;
        private @Nullable Envelope head;

        OneStream(List<Path> files) {
            this.files = new ArrayDeque<>(files);
        }

        @Nullable
        Envelope head() throws IOException {
            while (head == null) {
                EventFileReader open = reader;
                if (open == null) {
                    Path next = files.poll();
                    if (next == null) {
                        return null;
                    }
                    open = EventFileReader.open(next);
                    reader = open;
                }
                Envelope event = open.next();
                if (event == null) {
                    open.close();
                    reader = null;
                } else if (event.hasFrame() && event.getReceiveTime() >= from && event.getReceiveTime() < to) {
                    head = event;
                }
            }
            return head;
        }

        @Nullable
        Envelope take() throws IOException {
            Envelope taken = head();
            head = null;
            return taken;
        }

        void close() throws IOException {
            EventFileReader open = reader;
            if (open != null) {
                open.close();
                reader = null;
            }
        }
    }
}
