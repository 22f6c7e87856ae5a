package io.tidemark.lake.flight;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of this process for view catalogues and spilled data, gone when it is closed.
 *
 * <p>It is held by a file lock. What a killed process left is known by its lock being free, and is removed when
 * the next one starts.
 */
final class WorkFolder implements AutoCloseable {
    private static final String PREFIX = "tidemark-flight-";
    private static final String LOCK = ".lock";

    private final Path path;
    private final FileChannel channel;

    private WorkFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static WorkFolder below(Path parent) throws IOException {
        Files.createDirectories(parent);
        removeLeftovers(parent);
        Path path = Files.createTempDirectory(parent, PREFIX).toAbsolutePath();
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw new IOException("cannot lock " + path.resolve(LOCK));
        }
        return new WorkFolder(path, channel);
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        remove(path);
    }

    private static void removeLeftovers(Path parent) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                Path lock = folder.resolve(LOCK);
                if (!Files.isRegularFile(lock) || !Files.isWritable(lock)) {
                    continue;
                }
                boolean free;
                try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                        FileLock held = channel.tryLock()) {
                    free = held != null;
                } catch (OverlappingFileLockException e) {
                    // Held by another endpoint of this very process.
                    free = false;
                }
                if (free) {
                    remove(folder);
                }
            }
        }
    }

    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> walk = Files.walk(folder)) {
            deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path entry : deepestFirst) {
            Files.deleteIfExists(entry);
        }
    }
}
