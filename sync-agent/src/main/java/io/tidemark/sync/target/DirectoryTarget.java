package io.tidemark.sync.target;

import io.tidemark.contracts.failure.FailureKind;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.contracts.segment.SegmentPath;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A folder as target: {@code <lake root>/<tenant>/raw/edge=<edge>}, on this machine or mounted.
 *
 * <p>A file arrives in the hidden folder {@code .incoming} of the same place, is synced, read again and only
 * then linked to its name; a link, unlike a rename, cannot replace what is there. After a crash only
 * {@code .incoming} holds something half-done, and the next pass empties it.
 */
public final class DirectoryTarget implements Target {
    private static final String INCOMING = ".incoming";

    private final Path folder;
    private final Path incoming;
    private final String name;
    private final AtomicLong next = new AtomicLong();

    public DirectoryTarget(Path lakeRoot, String tenant, String edge) {
        Path root = lakeRoot.toAbsolutePath().normalize();
        this.folder = LakePath.tenantRoot(root, tenant).resolve(LakePath.raw(edge));
        this.incoming = folder.resolve(INCOMING);
        this.name = root.toUri().toString().replaceAll("/+$", "");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Closeable begin(Duration patience, BooleanSupplier stopped) throws IOException {
        try {
            Folders.create(folder);
        } catch (IOException e) {
            throw SyncFailure.of("cannot make the target folder " + folder, e);
        }
        FolderLock lock = FolderLock.take(folder, patience, stopped);
        try {
            Folders.create(incoming);
            for (Path left : Folders.entries(incoming)) {
                Files.delete(left);
            }
            return lock;
        } catch (IOException e) {
            lock.close();
            throw SyncFailure.of("cannot clear " + incoming, e);
        }
    }

    @Override
    public OptionalLong size(String path) throws IOException {
        Path file = file(path);
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!found.isRegularFile()) {
                throw new SyncFailure(FailureKind.INVALID, file + " is in the way: it is not a regular file");
            }
            return OptionalLong.of(found.size());
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw SyncFailure.of("cannot look at " + file, e);
        }
    }

    @Override
    public String sha256(String path, BooleanSupplier stopped) throws IOException {
        Path file = file(path);
        try {
            return Sha256.of(file, stopped);
        } catch (StoppedException e) {
            throw e;
        } catch (IOException e) {
            throw SyncFailure.of("cannot read " + file, e);
        }
    }

    @Override
    public Upload upload(String path) throws IOException {
        Path temporary = incoming.resolve(next.getAndIncrement() + ".tmp");
        try {
            FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new FileUpload(file(path), temporary, channel);
        } catch (IOException e) {
            throw SyncFailure.of("cannot write " + temporary, e);
        }
    }

    @Override
    public byte @Nullable [] receipt(String path) throws IOException {
        Path file = file(SegmentPath.receipt(path));
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw SyncFailure.of("cannot read " + file, e);
        }
    }

    @Override
    public void putReceipt(String path, byte[] receipt) throws IOException {
        Path file = file(SegmentPath.receipt(path));
        try {
            makeParent(file);
            Folders.replace(file, receipt, incoming.resolve(next.getAndIncrement() + ".tmp"));
            Folders.sync(parent(file));
        } catch (IOException e) {
            throw SyncFailure.of("cannot write the receipt " + file, e);
        }
    }

    @Override
    public void eachReceipt(PathVisitor visitor) throws IOException {
        Path receipts = folder.resolve(SegmentPath.RECEIPTS);
        if (Files.isDirectory(receipts)) {
            walk(receipts, "", path -> {
                if (path.endsWith(".json")) {
                    visitor.visit(path.substring(0, path.length() - ".json".length()));
                }
            });
        }
    }

    @Override
    public void eachFile(PathVisitor visitor) throws IOException {
        if (Files.isDirectory(folder)) {
            walk(folder, "", visitor);
        }
    }

    private void walk(Path at, String prefix, PathVisitor visitor) throws IOException {
        for (Path entry : list(at)) {
            String entryName = entry.getFileName().toString();
            if (Folders.isTemporary(entryName) || (at.equals(folder) && entryName.equals(SegmentPath.RECEIPTS))) {
                continue;
            }
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                walk(entry, prefix + entryName + "/", visitor);
            } else {
                visitor.visit(prefix + entryName);
            }
        }
    }

    private static Iterable<Path> list(Path at) throws SyncFailure {
        try {
            return Folders.entries(at);
        } catch (IOException e) {
            throw SyncFailure.of("cannot list " + at, e);
        }
    }

    private Path file(String path) {
        Path file = folder.resolve(path).normalize();
        if (!file.startsWith(folder) || file.equals(folder)) {
            throw new IllegalArgumentException("a path out of the target folder: \"" + path + "\"");
        }
        return file;
    }

    private void makeParent(Path file) throws IOException {
        Path parent = parent(file);
        Folders.create(parent);
        if (!parent.toRealPath().startsWith(folder.toRealPath())) {
            throw new SyncFailure(FailureKind.INVALID, parent + " leads out of the target folder " + folder);
        }
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("no folder holds " + file);
        }
        return parent;
    }

    /** Writes to {@code .incoming}; the name appears by linking. */
    private final class FileUpload implements Upload {
        private final Path file;
        private final Path temporary;
        private final FileChannel channel;

        FileUpload(Path file, Path temporary, FileChannel channel) {
            this.file = file;
            this.temporary = temporary;
            this.channel = channel;
        }

        @Override
        public void write(byte[] bytes, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                throw SyncFailure.of("cannot write " + temporary, e);
            }
        }

        @Override
        public void publish(String sha256, BooleanSupplier stopped) throws IOException {
            try {
                channel.force(true);
                channel.close();
                String arrived = Sha256.of(temporary, stopped);
                if (!arrived.equals(sha256)) {
                    throw new SyncFailure(
                            FailureKind.TRANSIENT,
                            "damaged on the way to " + file + ": sent " + sha256 + ", arrived " + arrived);
                }
                makeParent(file);
                link(sha256, stopped);
                Folders.sync(parent(file));
            } catch (StoppedException e) {
                throw e;
            } catch (IOException e) {
                throw SyncFailure.of("cannot bring to " + file, e);
            }
        }

        private void link(String sha256, BooleanSupplier stopped) throws IOException {
            try {
                Files.createLink(file, temporary);
            } catch (FileAlreadyExistsException e) {
                taken(sha256, stopped);
            } catch (UnsupportedOperationException | IOException e) {
                // File systems such as FAT have no links. The lock keeps other passes out, so looking first is enough.
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    taken(sha256, stopped);
                } else {
                    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }

        private void taken(String sha256, BooleanSupplier stopped) throws IOException {
            String there = Sha256.of(file, stopped);
            if (!there.equals(sha256)) {
                throw new SyncFailure(
                        FailureKind.INVALID,
                        file + " holds other bytes (" + there + ") than the source (" + sha256
                                + "); neither was touched");
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                // The next pass empties the folder; the outcome of this file does not depend on it.
                return;
            }
        }
    }
}
