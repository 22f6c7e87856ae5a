package io.tidemark.edge.feed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Keeps what could not be taken: one JSON line per bad frame with its raw bytes, source, position and reason,
 * in {@code <data-dir>/quarantine/<source>/frames-<n>.ndjson}.
 *
 * <p>Bounded: when two files are full the older one makes room. The same bytes stay in the frames of the record,
 * so nothing is lost by that. Used by the feed's thread; the count is read by any.
 */
public final class Quarantine {
    private static final Logger LOG = Logger.getLogger(Quarantine.class);
    private static final long FILE_LIMIT = 8 << 20;
    private static final int DETAIL_LIMIT = 300;

    private final Path folder;
    private final String source;
    private final Consumer<BadFrameException.Reason> counter;
    private final AtomicLong count = new AtomicLong();
    private boolean told;

    public Quarantine(Path folder, String source, Consumer<BadFrameException.Reason> counter) {
        this.folder = folder.resolve(source);
        this.source = source;
        this.counter = counter;
    }

    public long count() {
        return count.get();
    }

    /** {@code position} is the frame's number in the record. */
    public void put(BadFrameException bad, long receiveTime, long position, byte[] bytes, int offset, int length) {
        count.incrementAndGet();
        counter.accept(bad.reason());
        String detail = String.valueOf(bad.getMessage());
        if (detail.length() > DETAIL_LIMIT) {
            detail = detail.substring(0, DETAIL_LIMIT);
        }
        if (bad.reason() == BadFrameException.Reason.REFUSED) {
            // Rare, and somebody has to correct the settings.
            LOG.warnf("%s: the venue refused a request: %s", source, detail);
        } else {
            LOG.debugf(
                    "%s: frame %d quarantined (%s): %s",
                    source, position, bad.reason().tag(), detail);
        }
        String line = "{\"source\":\"" + source + "\",\"receive_time\":" + receiveTime + ",\"frame\":" + position
                + ",\"reason\":\"" + bad.reason().tag() + "\",\"detail\":\"" + escape(detail) + "\",\"base64\":\""
                + Base64.getEncoder().encodeToString(slice(bytes, offset, length)) + "\"}\n";
        try {
            write(line);
            told = false;
        } catch (IOException | UncheckedIOException e) {
            // The frame is in the record; a full disk is the log's business to report.
            if (!told) {
                told = true;
                LOG.warnf("%s: a bad frame could not be written to %s: %s", source, folder, e.getMessage());
            }
        }
    }

    private void write(String line) throws IOException {
        Files.createDirectories(folder);
        Path current = folder.resolve("frames-0.ndjson");
        if (Files.exists(current) && Files.size(current) > FILE_LIMIT) {
            Files.move(
                    current,
                    folder.resolve("frames-1.ndjson"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING,
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        }
        Files.writeString(current, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static byte[] slice(byte[] bytes, int offset, int length) {
        return java.util.Arrays.copyOfRange(bytes, offset, offset + length);
    }

    private static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else {
                out.append(c < 0x20 ? ' ' : c);
            }
        }
        return out.toString();
    }
}
