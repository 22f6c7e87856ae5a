package io.tidemark.edge.segment;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts events by event time, then sequence, with a bounded part of them in memory: sorted runs in a folder, merged.
 *
 * <p>For the rare partition that is far out of order. The runs are deleted by {@link #close}.
 */
final class ExternalSort implements AutoCloseable {
    interface Sink {
        void accept(Envelope event) throws IOException;
    }

    private static final int BUFFER = 8 << 10;
    private static final Comparator<Envelope> ORDER =
            Comparator.comparingLong(Events::eventTime).thenComparingLong(Envelope::getSequence);

    private final Path folder;
    private final long memory;
    private final List<Path> runs = new ArrayList<>();
    private final List<Envelope> held = new ArrayList<>();
    private long heldBytes;

    ExternalSort(Path folder, long memory) {
        this.folder = folder;
        this.memory = memory;
    }

    void add(Envelope event) throws IOException {
        held.add(event);
        // A parsed event takes several times its encoded size.
        heldBytes += 256 + 4L * event.getSerializedSize();
        if (heldBytes > memory) {
            spill();
        }
    }

    private void spill() throws IOException {
        held.sort(ORDER);
        Path run = folder.resolve("run-" + runs.size());
        runs.add(run);
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(run), BUFFER))) {
            for (Envelope event : held) {
                out.writeInt(event.getSerializedSize());
                event.writeTo(out);
            }
        }
        held.clear();
        heldBytes = 0;
    }

    void drain(Sink sink) throws IOException {
        if (runs.isEmpty()) {
            held.sort(ORDER);
            for (Envelope event : held) {
                sink.accept(event);
            }
            held.clear();
            return;
        }
        spill();
        List<Run> open = new ArrayList<>();
        try {
            PriorityQueue<Run> heads = new PriorityQueue<>((a, b) -> ORDER.compare(a.head(), b.head()));
            for (Path path : runs) {
                Run run = new Run(path);
                open.add(run);
                if (run.advance()) {
                    heads.add(run);
                }
            }
            while (!heads.isEmpty()) {
                Run run = heads.remove();
                sink.accept(run.head());
                if (run.advance()) {
                    heads.add(run);
                }
            }
        } finally {
            for (Run run : open) {
                run.close();
            }
        }
    }

    private static final class Run implements AutoCloseable {
        private final DataInputStream in;
        private @Nullable Envelope head;

        Run(Path path) throws IOException {
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER));
        }

        boolean advance() throws IOException {
            int length;
            try {
                length = in.readInt();
            } catch (java.io.EOFException e) {
                head = null;
                return false;
            }
            byte[] bytes = new byte[length];
            in.readFully(bytes);
            head = Envelope.parseFrom(bytes);
            return true;
        }

        Envelope head() {
            Envelope event = head;
            if (event == null) {
                throw new IllegalStateException("the run is at its end");
            }
            return event;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    @Override
    public void close() throws IOException {
        for (Path run : runs) {
            Files.deleteIfExists(run);
        }
    }
}
