package io.tidemark.sync.transfer;

import io.tidemark.contracts.failure.FailureKind;
import io.tidemark.sync.ledger.SyncLedger;
import io.tidemark.sync.scan.FileState;
import io.tidemark.sync.scan.SourceFile;
import io.tidemark.sync.target.Sha256;
import io.tidemark.sync.target.StoppedException;
import io.tidemark.sync.target.SyncFailure;
import io.tidemark.sync.target.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file to the target and records it, or says why not.
 *
 * <p>A file counts as there when the bytes read here, the bytes read again there and, where an hour manifest names
 * the file, the manifest agree by SHA-256, and the file did not change meanwhile. May be repeated at any time.
 * Used by several threads, each with files of its own.
 */
public final class Transfer {
    private final Target target;
    private final SyncLedger ledger;
    private final Throttle throttle;
    private final Retry retry;
    private final RandomGenerator random;
    private final StopSignal stop;

    public Transfer(
            Target target, SyncLedger ledger, Throttle throttle, Retry retry, RandomGenerator random, StopSignal stop) {
        this.target = target;
        this.ledger = ledger;
        this.throttle = throttle;
        this.retry = retry;
        this.random = random;
        this.stop = stop;
    }

    /** How a file came to be at the target. */
    public enum Outcome {
        /** Copied now. */
        TRANSFERRED,
        /** The same bytes were there already; read again and given a receipt. */
        VERIFIED,
        /** Gone from the source before it could be read; there is nothing to bring. */
        VANISHED
    }

    /**
     * @param expected the hash that the file's hour manifest names, if one does
     * @throws SyncFailure the last one, when every try failed
     * @throws StoppedException when asked to stop in between
     */
    public Outcome bring(SourceFile file, @Nullable String expected) throws IOException {
        for (int tried = 0; ; tried++) {
            try {
                return once(file, expected);
            } catch (SyncFailure e) {
                if (e.kind() != FailureKind.TRANSIENT || tried >= retry.times()) {
                    throw e;
                }
                if (stop.await(retry.before(tried, random))) {
                    throw new StoppedException();
                }
            }
        }
    }

    private Outcome once(SourceFile file, @Nullable String expected) throws IOException {
        FileState before = state(file);
        if (before == null) {
            return Outcome.VANISHED;
        }
        boolean isThere = target.size(file.path()).isPresent();
        String sha256 = isThere ? compare(file, before, expected) : copy(file, before, expected);
        if (sha256 == null) {
            return Outcome.VANISHED;
        }
        ledger.record(file.path(), before, sha256);
        return isThere ? Outcome.VERIFIED : Outcome.TRANSFERRED;
    }

    private @Nullable String compare(SourceFile file, FileState before, @Nullable String expected) throws IOException {
        Sha256 hash = new Sha256();
        byte[] buffer = new byte[Sha256.BUFFER];
        try (InputStream in = open(file)) {
            long length = 0;
            for (int n; (n = read(in, buffer, file)) >= 0; ) {
                StoppedException.throwIf(stop);
                length = requireNotLonger(file, before, length + n);
                hash.update(buffer, n);
            }
        } catch (NoSuchFileException e) {
            return null;
        }
        String here = hash.hex();
        requireUnchanged(file, before);
        requireExpected(file, here, expected);
        String there = target.sha256(file.path(), stop);
        if (!there.equals(here)) {
            throw new SyncFailure(
                    FailureKind.INVALID,
                    file.file() + " (" + here + ") and " + target.name() + " " + file.path() + " (" + there
                            + ") hold different bytes; neither was touched");
        }
        return here;
    }

    private @Nullable String copy(SourceFile file, FileState before, @Nullable String expected) throws IOException {
        Sha256 hash = new Sha256();
        byte[] buffer = new byte[Sha256.BUFFER];
        try (InputStream in = open(file);
                Target.Upload upload = target.upload(file.path())) {
            long length = 0;
            for (int n; (n = read(in, buffer, file)) >= 0; ) {
                length = requireNotLonger(file, before, length + n);
                throttle.await(n);
                hash.update(buffer, n);
                upload.write(buffer, n);
            }
            String here = hash.hex();
            requireUnchanged(file, before);
            requireExpected(file, here, expected);
            upload.publish(here, stop);
            return here;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static @Nullable FileState state(SourceFile file) throws SyncFailure {
        try {
            return FileState.of(file.file());
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw SyncFailure.of("cannot look at " + file.file(), e);
        }
    }

    private static InputStream open(SourceFile file) throws IOException {
        try {
            return Files.newInputStream(file.file(), LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw SyncFailure.of("cannot read " + file.file(), e);
        }
    }

    private static int read(InputStream in, byte[] buffer, SourceFile file) throws SyncFailure {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw SyncFailure.of("cannot read " + file.file(), e);
        }
    }

    /** A file that grows while it is read could otherwise be read for ever, and fill the target. */
    private static long requireNotLonger(SourceFile file, FileState before, long length) throws SyncFailure {
        if (length > before.bytes()) {
            throw changed(file);
        }
        return length;
    }

    private static void requireUnchanged(SourceFile file, FileState before) throws SyncFailure {
        if (!before.equals(state(file))) {
            throw changed(file);
        }
    }

    private static SyncFailure changed(SourceFile file) {
        return new SyncFailure(FailureKind.TRANSIENT, file.file() + " changed while it was read");
    }

    private static void requireExpected(SourceFile file, String sha256, @Nullable String expected) throws SyncFailure {
        if (expected != null && !expected.equals(sha256)) {
            throw new SyncFailure(
                    FailureKind.INVALID,
                    file.file() + " is damaged: it has the hash " + sha256 + ", its hour manifest says " + expected);
        }
    }
}
