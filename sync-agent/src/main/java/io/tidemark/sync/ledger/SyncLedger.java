package io.tidemark.sync.ledger;

import io.tidemark.contracts.segment.Receipt;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.sync.scan.FileState;
import io.tidemark.sync.scan.SourceFile;
import io.tidemark.sync.target.Folders;
import io.tidemark.sync.target.SyncFailure;
import io.tidemark.sync.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Knows by the receipts which files are at the target, and writes receipts.
 *
 * <p>There is no other state: what a crash takes away is at most a receipt, and then the file is verified again.
 */
public final class SyncLedger {
    private final Path source;
    private final Target target;
    private final String tenant;
    private final String edge;
    private final InstantSource clock;

    public SyncLedger(Path source, Target target, String tenant, String edge, InstantSource clock) {
        this.source = source;
        this.target = target;
        this.tenant = tenant;
        this.edge = edge;
        this.clock = clock;
    }

    /**
     * The receipt of a file as it is now, where the target still holds a file of that size and the same receipt.
     * Reads no content: that is {@code verify}'s.
     */
    public @Nullable Receipt receiptOf(SourceFile file) throws IOException {
        Receipt receipt = besideSource(file.path());
        if (receipt == null
                || !receipt.saysTheSameAs(describe(file.path(), file.state(), receipt.sha256()))
                || target.size(file.path()).orElse(-1) != receipt.bytes()
                || !receipt.equals(parse(target.receipt(file.path())))) {
            return null;
        }
        return receipt;
    }

    /** The receipt of a file that may have been deleted at the source since. */
    public @Nullable Receipt besideSource(String path) throws IOException {
        Path file = receiptFile(path);
        try {
            return parse(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw SyncFailure.of("cannot read " + file, e);
        }
    }

    /** The target's receipt of a file, if it is sound. */
    public @Nullable Receipt atTarget(String path) throws IOException {
        return parse(target.receipt(path));
    }

    /** Records a verified copy: first at the target, then the same bytes beside the source. */
    public void record(String path, FileState state, String sha256) throws IOException {
        Receipt now = describe(path, state, sha256);
        byte[] there = target.receipt(path);
        Receipt earlier = parse(there);
        byte[] bytes = now.toBytes();
        if (there != null && earlier != null && earlier.saysTheSameAs(now)) {
            bytes = there; // a crash came between the two; one receipt, one time of verification
        } else {
            target.putReceipt(path, bytes);
        }
        Path file = receiptFile(path);
        try {
            Path folder = file.getParent() == null ? source : file.getParent();
            Folders.create(folder);
            // The folder is not synced: should a power cut take the name away, the file is only verified once more.
            Folders.replace(file, bytes, folder.resolve("." + file.getFileName() + ".tmp"));
        } catch (IOException e) {
            throw SyncFailure.of("cannot write the receipt " + file, e);
        }
    }

    private Receipt describe(String path, FileState state, String sha256) {
        return new Receipt(path, state.bytes(), sha256, state.modified(), target.name(), tenant, edge, clock.instant());
    }

    private Path receiptFile(String path) {
        return source.resolve(SegmentPath.receipt(path));
    }

    /** A damaged receipt is none: its file is verified again and gets a new one. */
    private static @Nullable Receipt parse(byte @Nullable [] bytes) {
        try {
            return bytes == null ? null : Receipt.parse(bytes);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
