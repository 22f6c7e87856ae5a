package io.tidemark.sync.target;

import io.tidemark.contracts.failure.FailureKind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A folder taken for one pass. The operating system gives it back when the process dies.
 *
 * <p>The lock file stays; its content (the holder's process number) is for the message only.
 */
public final class FolderLock implements Closeable {
    /** Hidden, so that no scan takes it for a segment. */
    public static final String NAME = ".sync.lock";

    private static final long POLL_NANOS = 100_000_000L;

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** The folder must exist. Throws {@link SyncFailure} naming it when it stays taken for as long as given. */
    public static FolderLock take(Path folder, Duration patience, BooleanSupplier stopped) throws IOException {
        Path file = folder.resolve(NAME);
        long start = System.nanoTime();
        while (true) {
            StoppedException.throwIf(stopped);
            try {
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (lock(channel)) {
                    return new FolderLock(channel);
                }
                channel.close();
            } catch (IOException e) {
                throw SyncFailure.of("cannot lock " + file, e);
            }
            if (System.nanoTime() - start >= patience.toNanos()) {
                throw new SyncFailure(
                        FailureKind.TRANSIENT,
                        "another sync uses " + folder + holder(file) + "; waited " + patience.toSeconds()
                                + " s for it to end");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                return false;
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return true;
        } catch (OverlappingFileLockException e) {
            return false; // held by another pass in this process
        }
    }

    private static String holder(Path file) {
        try {
            String pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
            return pid.matches("\\d{1,19}") ? " (process " + pid + ")" : "";
        } catch (IOException e) {
            return ""; // only words for the message
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
