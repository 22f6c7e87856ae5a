package io.tidemark.edge.segment;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.files.write.FileSummary;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.segment.HourManifest.SegmentFile;
import io.tidemark.contracts.segment.SegmentPath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * {@code raw/ready}: what is in it is complete, synced, verified and never written again.
 *
 * <p>Files come in by rename only, after they were read back. Used by one thread at a time.
 */
final class ReadyFolder {
    private final Path root;
    /** Folders in which something was created or renamed since the last {@link #sync}. */
    private final Set<Path> changed = new LinkedHashSet<>();

    ReadyFolder(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** Reads the file back as a whole: every page, row and hash. */
    static void verify(Path file, FileSummary summary) throws IOException {
        try (EventFileReader reader = EventFileReader.open(file)) {
            long rows = 0;
            while (reader.next() != null) {
                rows++;
            }
            if (rows != summary.rows() || !reader.rowHash().equals(summary.rowHash())) {
                throw new IOException(file + ": read back " + rows + " rows with the hash " + reader.rowHash()
                        + ", written were " + summary.rows() + " with " + summary.rowHash());
            }
        }
    }

    /**
     * Moves a verified file to its place. A file that is there already was made from the same log before a crash: it
     * stays when it holds the same rows, also one of the other format, should the setting have changed meanwhile.
     */
    SegmentFile publish(Path verified, SegmentPath path, FileSummary summary) throws IOException {
        SegmentPath place = standing(path);
        Path target = root.resolve(place.relative());
        createFolders(parent(target));
        String sha256 = summary.sha256();
        long bytes = summary.bytes();
        if (Files.exists(target)) {
            FileSummary standing = summary;
            sha256 = sha256(target);
            bytes = Files.size(target);
            if (!sha256.equals(summary.sha256())) {
                standing = holding(target, verified);
            }
            Files.delete(verified);
            return segment(place, sha256, bytes, standing);
        } else {
            Files.move(verified, target, StandardCopyOption.ATOMIC_MOVE);
            changed.add(parent(target));
        }
        return segment(place, sha256, bytes, summary);
    }

    private static SegmentFile segment(SegmentPath place, String sha256, long bytes, FileSummary summary) {
        return new SegmentFile(
                place.relative(),
                sha256,
                bytes,
                summary.rows(),
                summary.rowHash(),
                summary.minEventTime(),
                summary.maxEventTime(),
                summary.minReceiveTime(),
                summary.maxReceiveTime());
    }

    /**
     * What a file holds that was made of the same log before. It stays when every row of the new one is in it: it may
     * have more, if the log was damaged since.
     */
    private static FileSummary holding(Path standing, Path made) throws IOException {
        long rows = 0;
        long minEvent = Long.MAX_VALUE;
        long maxEvent = Long.MIN_VALUE;
        long minReceive = Long.MAX_VALUE;
        long maxReceive = Long.MIN_VALUE;
        try (EventFileReader reader = EventFileReader.open(standing);
                EventFileReader wanted = EventFileReader.open(made)) {
            Envelope next = wanted.next();
            for (Envelope event = reader.next(); event != null; event = reader.next()) {
                if (next != null && Identity.of(event).equals(Identity.of(next))) {
                    next = wanted.next();
                }
                rows++;
                minEvent = Math.min(minEvent, Events.eventTime(event));
                maxEvent = Math.max(maxEvent, Events.eventTime(event));
                minReceive = Math.min(minReceive, event.getReceiveTime());
                maxReceive = Math.max(maxReceive, event.getReceiveTime());
            }
            if (next != null) {
                throw new IOException(standing + " is there already and does not hold " + Identity.of(next)
                        + ", which stands in its log");
            }
            return new FileSummary(
                    rows, Files.size(standing), "", reader.rowHash(), minEvent, maxEvent, minReceive, maxReceive);
        }
    }

    private SegmentPath standing(SegmentPath path) {
        String other = path.ending().equals(SegmentPath.PARQUET) ? SegmentPath.NDJSON : SegmentPath.PARQUET;
        SegmentPath before = new SegmentPath(
                path.connector(), path.channel(), path.source(), path.symbol(), path.hour(), path.ordinal(), other);
        return Files.exists(root.resolve(before.relative())) ? before : path;
    }

    /** Throws {@link FileAlreadyExistsException} rather than change a file. */
    void create(String relative, byte[] content) throws IOException {
        Path target = root.resolve(relative);
        createFolders(parent(target));
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        replace(target, content);
        sync();
    }

    /** Writes a small file so that after a crash it is whole or not there. */
    static void replace(Path target, byte[] content) throws IOException {
        Path part = target.resolveSibling("." + target.getFileName() + ".part");
        try (FileChannel out = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(parent(target));
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    private void createFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            createFolders(parent(folder));
            Files.createDirectories(folder);
            changed.add(parent(folder));
        }
    }

    /** After it everything that was published is there to stay: once for all files of a log, which is much cheaper. */
    void sync() throws IOException {
        for (Path folder : changed) {
            syncFolder(folder);
        }
        changed.clear();
    }

    static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[64 << 10];
            DigestInputStream all = new DigestInputStream(in, digest);
            while (all.read(buffer) >= 0) {
                // The digest sees what is read.
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
