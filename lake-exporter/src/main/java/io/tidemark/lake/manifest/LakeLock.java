package io.tidemark.lake.manifest;

import io.tidemark.contracts.lake.LakePath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The right to change one tenant's event lake. One holder at a time, on this machine and on others that share the
 * folder and its locks; the system takes it back when the holder dies.
 */
public final class LakeLock implements AutoCloseable {
    private static final String NAME = ".lock";

    private final FileChannel channel;

    private LakeLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits at most so long; then throws {@link IOException} saying that another export holds it. */
    public static LakeLock take(Path tenantRoot, Duration wait) throws IOException {
        return takeIn(tenantRoot.resolve(LakePath.EVENT_MANIFESTS), wait);
    }

    /** The same for another part of the lake, which has its lock in the given folder. */
    public static LakeLock takeIn(Path folder, Duration wait) throws IOException {
        Folders.create(folder);
        Path file = folder.resolve(NAME);
        long deadline = System.nanoTime() + wait.toNanos();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            while (!taken) {
                taken = tryLock(channel);
                if (!taken) {
                    if (System.nanoTime() - deadline > 0
                            || Thread.currentThread().isInterrupted()) {
                        throw new IOException("another export holds " + file + " (waited " + wait.toSeconds() + " s)");
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
            }
            return new LakeLock(channel);
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Another thread of this very process.
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
