package io.tidemark.sync.retention;

import io.tidemark.contracts.failure.FailureKind;
import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.contracts.segment.Receipt;
import io.tidemark.sync.ledger.SyncLedger;
import io.tidemark.sync.scan.FileState;
import io.tidemark.sync.scan.HourManifests;
import io.tidemark.sync.scan.SourceFile;
import io.tidemark.sync.target.Sha256;
import io.tidemark.sync.target.StoppedException;
import io.tidemark.sync.target.SyncFailure;
import io.tidemark.sync.target.Target;
import io.tidemark.sync.verify.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Deletes at the edge what is proven to be at the target, hour by hour.
 *
 * <p>Only hours whose manifest is at the target: until then the edge still reads its segments. Of such an hour
 * each file that has a receipt, once its grace is over and both copies were read again and agree; the manifest
 * last. Receipts and folders stay: the edge may be making the next file in them.
 */
public final class Retention {
    private final Path source;
    private final Target target;
    private final SyncLedger ledger;
    private final HourManifests manifests;
    private final Duration grace;
    private final InstantSource clock;
    private final BooleanSupplier stopped;

    public Retention(
            Path source,
            Target target,
            SyncLedger ledger,
            HourManifests manifests,
            Duration grace,
            InstantSource clock,
            BooleanSupplier stopped) {
        this.source = source;
        this.target = target;
        this.ledger = ledger;
        this.manifests = manifests;
        this.grace = grace;
        this.clock = clock;
        this.stopped = stopped;
    }

    /** Returns how many files it deleted; what it kept though its time had come is a finding. */
    public long run(List<SourceFile> found, Findings findings) throws StoppedException {
        long deleted = 0;
        for (SourceFile manifest : found) {
            try {
                if (ledger.receiptOf(manifest) != null) {
                    deleted += hour(manifest, findings);
                }
            } catch (StoppedException e) {
                throw e;
            } catch (IOException e) {
                findings.add(manifest.path(), SyncFailure.of("cannot clear the hour of " + manifest.file(), e));
            }
        }
        return deleted;
    }

    private long hour(SourceFile manifest, Findings findings) throws IOException {
        HourManifest hour = manifests.read(manifest.file());
        long deleted = 0;
        boolean empty = true;
        for (HourManifest.SegmentFile segment : hour.files()) {
            Path file = source.resolve(segment.path());
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (delete(segment.path(), file, findings)) {
                deleted++;
            } else {
                empty = false;
            }
        }
        if (empty && delete(manifest.path(), manifest.file(), findings)) {
            deleted++;
        }
        return deleted;
    }

    private boolean delete(String path, Path file, Findings findings) throws StoppedException {
        try {
            FileState state = FileState.of(file);
            Receipt receipt = ledger.receiptOf(new SourceFile(path, file, state));
            Instant now = clock.instant();
            if (receipt == null || receipt.verifiedAt().plus(grace).isAfter(now)) {
                return false;
            }
            require(receipt, Sha256.of(file, stopped), file.toString());
            require(receipt, target.sha256(path, stopped), target.name() + " " + path);
            if (!state.equals(FileState.of(file))) {
                return false;
            }
            Files.delete(file);
            return true;
        } catch (StoppedException e) {
            throw e;
        } catch (NoSuchFileException e) {
            return true; // the edge's disk policy came first
        } catch (IOException e) {
            findings.add(path, SyncFailure.of("cannot delete " + file, e));
            return false;
        }
    }

    private static void require(Receipt receipt, String sha256, String place) throws SyncFailure {
        if (!receipt.sha256().equals(sha256)) {
            throw new SyncFailure(
                    FailureKind.INVALID,
                    place + " is damaged: it has the hash " + sha256 + ", its receipt says " + receipt.sha256()
                            + "; the file at the edge is kept");
        }
    }
}
