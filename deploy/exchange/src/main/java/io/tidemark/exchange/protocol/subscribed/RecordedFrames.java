package io.tidemark.exchange.protocol.subscribed;

import io.tidemark.exchange.recording.BrokenLineException;
import io.tidemark.exchange.recording.CapturedLine;
import io.tidemark.exchange.recording.CapturedLine.Origin;
import io.tidemark.exchange.recording.LineSource;
import io.tidemark.exchange.recording.MalformedException;
import io.tidemark.exchange.recording.Recording;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frames of checked captures.
 *
 * <p>All that the venue sent is among them, acknowledgements and heartbeats too, in the order of the
 * files; of several connections in one file one comes after the other, and times step back in between.
 */
final class RecordedFrames implements FrameSource {
    private final List<Recording> files;
    private final Dialect dialect;
    private int fileIndex = -1;
    private @Nullable LineSource reader;

    RecordedFrames(List<Recording> files, Dialect dialect) {
        this.files = files;
        this.dialect = dialect;
    }

    @Override
    public @Nullable Sent next() throws IOException {
        while (true) {
            LineSource open = reader;
            if (open == null) {
                if (++fileIndex >= files.size()) {
                    return null;
                }
                open = files.get(fileIndex).open();
                reader = open;
            }
            CapturedLine line = open.next();
            if (line == null) {
                open.close();
                reader = null;
            } else if (line.origin() == Origin.SOCKET || line.origin() == Origin.UNMARKED) {
                try {
                    Decoded decoded = Decoded.of(
                            dialect, line.text(), files.get(fileIndex).forgives());
                    return new Sent(line.text(), decoded, line.timeNanos());
                } catch (MalformedException e) {
                    throw new BrokenLineException(open.file(), line.number(), e.reason());
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        LineSource open = reader;
        if (open != null) {
            open.close();
            reader = null;
        }
    }
}
