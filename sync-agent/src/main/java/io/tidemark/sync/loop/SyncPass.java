package io.tidemark.sync.loop;

import io.tidemark.contracts.failure.FailureKind;
import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.contracts.segment.Receipt;
import io.tidemark.sync.ledger.SyncLedger;
import io.tidemark.sync.retention.Retention;
import io.tidemark.sync.scan.HourManifests;
import io.tidemark.sync.scan.ReadyScanner;
import io.tidemark.sync.scan.Selection;
import io.tidemark.sync.scan.SourceFile;
import io.tidemark.sync.target.FolderLock;
import io.tidemark.sync.target.StoppedException;
import io.tidemark.sync.target.SyncFailure;
import io.tidemark.sync.target.Target;
import io.tidemark.sync.transfer.StopSignal;
import io.tidemark.sync.transfer.Throttle;
import io.tidemark.sync.transfer.Transfer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Once over the ready folder: segments first, each hour's manifest when all it names is at the target, deletions last.
 *
 * <p>Alone on its source and its target while it runs. May be cut off anywhere; the next pass goes on. Used once.
 */
public final class SyncPass {
    /** So many failures without one success mean that the target is away, not that the files are bad. */
    private static final int MOST_IN_A_ROW = 10;

    private final SyncPlan plan;
    private final Target target;
    private final InstantSource clock;
    private final StopSignal stop;
    private final PassListener listener;
    private final SyncLedger ledger;
    private final HourManifests manifests;
    private final Transfer transfer;
    private final Tally tally = new Tally();

    /** By path, what the manifests that are not at the target yet say of the files they name. */
    private final Map<String, String> expected = new HashMap<>();

    private final AtomicInteger failuresInARow = new AtomicInteger();
    private final List<SourceFile> openManifests = new ArrayList<>();
    private final List<SourceFile> syncedManifests = new ArrayList<>();

    public SyncPass(
            SyncPlan plan,
            Target target,
            InstantSource clock,
            RandomGenerator random,
            StopSignal stop,
            PassListener listener) {
        this.plan = plan;
        this.target = target;
        this.clock = clock;
        this.stop = stop;
        this.listener = listener;
        this.ledger = new SyncLedger(plan.source(), target, plan.tenant(), plan.edge(), clock);
        this.manifests = new HourManifests(plan.tenant(), plan.edge());
        this.transfer = new Transfer(
                target, ledger, new Throttle(plan.bandwidth(), System::nanoTime, stop), plan.retry(), random, stop);
    }

    Tally tally() {
        return tally;
    }

    /** Throws {@link SyncFailure} when the pass cannot begin; what happens to single files is in the report. */
    public PassReport run() throws IOException {
        Instant started = clock.instant();
        requireSource();
        try (FolderLock lock = FolderLock.take(plan.source(), plan.lockWait(), stop);
                Closeable taken = target.begin(plan.lockWait(), stop)) {
            readManifests();
            Crew crew = new Crew(plan.parallel(), stop, this::bring);
            try {
                scan(crew::add);
            } finally {
                crew.finish();
            }
            for (SourceFile manifest : openManifests) {
                if (tally.endedEarly() == null) {
                    bringManifest(manifest);
                }
            }
            if (plan.deleteAfter().grace().isPresent() && tally.endedEarly() == null) {
                tally.deleted.add(new Retention(
                                plan.source(),
                                target,
                                ledger,
                                manifests,
                                plan.deleteAfter().grace().get(),
                                clock,
                                stop)
                        .run(syncedManifests, tally.failed));
            }
        } catch (StoppedException e) {
            tally.endEarly("asked to stop");
        }
        return PassReport.of(tally, started, clock.instant(), false);
    }

    /** What {@link #run} would do; takes no lock and writes nothing. */
    public PassReport dryRun() throws IOException {
        Instant started = clock.instant();
        requireSource();
        readManifests();
        scan(listener::wouldBring);
        openManifests.forEach(listener::wouldBring);
        return PassReport.of(tally, started, clock.instant(), true);
    }

    private void requireSource() throws SyncFailure {
        if (!Files.isDirectory(plan.source())) {
            throw new SyncFailure(
                    FailureKind.TRANSIENT, "sync.source: the folder " + plan.source() + " does not exist (yet)");
        }
    }

    /** Takes a file that has to be brought. */
    private interface Bringer {
        void accept(SourceFile file) throws IOException;
    }

    private void readManifests() throws IOException {
        new ReadyScanner(plan.source()).scanManifests(new Sorter(file -> {
            HourManifest manifest;
            try {
                manifest = manifests.read(file.file());
            } catch (SyncFailure e) {
                failed(file, e);
                return;
            }
            manifests.requireOurs(manifest, file.file());
            for (HourManifest.SegmentFile segment : manifest.files()) {
                expected.put(segment.path(), segment.sha256());
            }
            openManifests.add(file);
        }));
    }

    private void scan(Bringer bringer) throws IOException {
        new ReadyScanner(plan.source()).scan(new Sorter(bringer));
    }

    /** Counts what the scan finds and passes on what is not synced. */
    private final class Sorter implements ReadyScanner.Visitor {
        private final Bringer bringer;

        Sorter(Bringer bringer) {
            this.bringer = bringer;
        }

        @Override
        public void found(SourceFile file) throws IOException {
            StoppedException.throwIf(stop);
            // Once the pass has ended early the rest is only counted.
            if (count(file) && tally.endedEarly() == null && !isSynced(file)) {
                bringer.accept(file);
            }
        }

        @Override
        public void refused(String path, SyncFailure why) {
            listener.failed(tally.failed.add(path, why));
        }
    }

    private boolean count(SourceFile file) {
        if (plan.selection().takes(file.path())) {
            tally.files.increment();
            return true;
        }
        tally.leftOut.increment();
        return false;
    }

    private boolean isSynced(SourceFile file) {
        try {
            Receipt receipt = ledger.receiptOf(file);
            if (receipt == null) {
                return false;
            }
            String hash = expected.get(file.path());
            if (hash != null && !hash.equals(receipt.sha256())) {
                throw new SyncFailure(
                        FailureKind.INVALID,
                        file.file() + " was synced with the hash " + receipt.sha256() + ", but its hour manifest says "
                                + hash);
            }
            tally.alreadySynced.increment();
            tally.bytes.add(receipt.bytes());
            if (file.isManifest() && plan.deleteAfter().grace().isPresent()) {
                syncedManifests.add(file);
            }
        } catch (IOException e) {
            failed(file, SyncFailure.of("cannot look for the receipt of " + file.file(), e));
        }
        return true;
    }

    /** By one of the crew's threads. Returns whether the pass should go on. */
    private boolean bring(SourceFile file) {
        try {
            Transfer.Outcome outcome = transfer.bring(file, expected.get(file.path()));
            switch (outcome) {
                case TRANSFERRED -> {
                    tally.transferredBytes.add(file.state().bytes());
                    tally.bytes.add(file.state().bytes());
                    tally.transferred.increment();
                }
                case VERIFIED -> {
                    tally.bytes.add(file.state().bytes());
                    tally.verified.increment();
                }
                case VANISHED -> tally.vanished.increment();
            }
            failuresInARow.set(0);
            listener.done(file, outcome);
            return true;
        } catch (StoppedException e) {
            tally.endEarly("asked to stop");
            return false;
        } catch (IOException e) {
            return goOnAfter(failed(file, SyncFailure.of("cannot bring " + file.file(), e)));
        }
    }

    private boolean goOnAfter(SyncFailure failure) {
        if (failure.kind() == FailureKind.STORAGE_FULL) {
            tally.endEarly("the target is full: " + failure.getMessage());
            return false;
        }
        if (failure.kind() == FailureKind.TRANSIENT && failuresInARow.incrementAndGet() >= MOST_IN_A_ROW) {
            tally.endEarly(MOST_IN_A_ROW + " files in a row failed, the last: " + failure.getMessage());
            return false;
        }
        return true;
    }

    private SyncFailure failed(SourceFile file, SyncFailure failure) {
        tally.failedFiles.increment();
        listener.failed(tally.failed.add(file.path(), failure));
        return failure;
    }

    private void bringManifest(SourceFile file) {
        try {
            for (HourManifest.SegmentFile segment : manifests.read(file.file()).files()) {
                boolean frames = Selection.isRaw(segment.path());
                if (frames && !plan.selection().includeRaw()) {
                    continue;
                }
                if (!plan.selection().takes(segment.path())) {
                    // It would call an hour complete that is not meant to arrive completely.
                    tally.files.decrement();
                    tally.leftOut.increment();
                    return;
                }
                if (!isAtTarget(segment)) {
                    if (Files.exists(plan.source().resolve(segment.path()), LinkOption.NOFOLLOW_LINKS)) {
                        return; // pending, as long as that file is
                    }
                    throw new SyncFailure(
                            FailureKind.INVALID,
                            file.file() + " names " + segment.path() + ", which is neither here nor at the target");
                }
            }
        } catch (IOException e) {
            failed(file, SyncFailure.of("cannot bring " + file.file(), e));
            return;
        }
        bring(file);
    }

    private boolean isAtTarget(HourManifest.SegmentFile segment) throws IOException {
        Receipt receipt = ledger.atTarget(segment.path());
        return receipt != null
                && receipt.sha256().equals(segment.sha256())
                && target.size(segment.path()).orElse(-1) == segment.bytes();
    }
}
