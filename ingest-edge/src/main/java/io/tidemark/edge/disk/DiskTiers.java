package io.tidemark.edge.disk;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Watches the disk of the data folder and takes one step after the other as it fills, and back as it empties.
 *
 * <p>Each change is told once, to the log and to {@link Recording}, which puts it into the data. One thread of its own;
 * the figures may be read by any.
 */
public final class DiskTiers implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DiskTiers.class);

    /** How full the disk is. */
    public interface Disk {
        long total() throws IOException;

        /** What this process may still write. */
        long usable() throws IOException;
    }

    /** Whoever records less, or nothing. */
    public interface Recording {
        void changed(Tier from, Tier to, String why);
    }

    private final DiskSettings settings;
    private final Disk disk;
    private final Recording recording;
    private final SyncedSegments synced;
    private final Counter deletedFiles;
    private final Counter deletedBytes;
    private final Thread thread;
    private volatile Tier tier = Tier.NORMAL;
    private volatile double used;
    private volatile long usable;
    private volatile boolean closing;
    private boolean complained;

    public DiskTiers(Path dataDir, DiskSettings settings, Recording recording, MeterRegistry meters)
            throws IOException {
        this(dataDir, settings, disk(dataDir), recording, meters);
    }

    DiskTiers(Path dataDir, DiskSettings settings, Disk disk, Recording recording, MeterRegistry meters) {
        this.settings = settings;
        this.disk = disk;
        this.recording = recording;
        this.synced = new SyncedSegments(dataDir.resolve("raw").resolve("ready"));
        deletedFiles = meters.counter("edge_disk_deleted_files_total");
        deletedBytes = meters.counter("edge_disk_deleted_bytes_total");
        Gauge.builder("edge_disk_used_ratio", this, tiers -> tiers.used / 100).register(meters);
        Gauge.builder("edge_disk_usable_bytes", this, tiers -> tiers.usable).register(meters);
        Gauge.builder("edge_disk_tier", this, tiers -> tiers.tier.ordinal())
                .description("0 normal, 1 deleting, 2 thinning, 3 stopped")
                .register(meters);
        thread = new Thread(this::run, "disk-tiers");
        thread.setDaemon(true);
    }

    private static Disk disk(Path dataDir) throws IOException {
        FileStore store = Files.getFileStore(dataDir);
        return new Disk() {
            @Override
            public long total() throws IOException {
                return store.getTotalSpace();
            }

            @Override
            public long usable() throws IOException {
                return store.getUsableSpace();
            }
        };
    }

    public void start() {
        check();
        thread.start();
    }

    private void run() {
        while (!closing) {
            LockSupport.parkNanos(this, settings.checkInterval().toNanos());
            try {
                check();
            } catch (RuntimeException e) {
                LOG.errorf(e, "Looking at the disk failed");
            }
        }
    }

    public Tier tier() {
        return tier;
    }

    /** For the status. */
    public Map<String, Object> status() {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("tier", tier.label());
        shown.put("used-percent", Math.round(used * 10) / 10.0);
        shown.put("usable-bytes", usable);
        shown.put("deleted-files", (long) deletedFiles.count());
        return shown;
    }

    /** One look; by the own thread, or a test. */
    synchronized void check() {
        if (closing) {
            return;
        }
        try {
            look();
            if (used >= settings.deleteAt() - (tier == Tier.NORMAL ? 0 : settings.hysteresis())) {
                delete();
                look();
            }
            complained = false;
        } catch (IOException e) {
            if (!complained) {
                complained = true;
                LOG.errorf("The disk cannot be looked at: %s", e.getMessage());
            }
            return;
        }
        Tier wanted = wanted();
        if (wanted != tier) {
            Tier before = tier;
            tier = wanted;
            String why = String.format(
                    Locale.ROOT, "the disk is %.1f %% full (%d MiB left): %s", used, usable >> 20, meaning(wanted));
            if (wanted.atLeast(before)) {
                LOG.errorf("Disk: %s", why);
            } else {
                LOG.warnf("Disk: %s", why);
            }
            recording.changed(before, wanted, why);
        }
    }

    private void look() throws IOException {
        long total = disk.total();
        usable = disk.usable();
        used = total <= 0 ? 0 : 100.0 * (total - usable) / total;
    }

    private void delete() throws IOException {
        double target = settings.deleteAt() - settings.hysteresis();
        SyncedSegments.Deleted deleted = synced.delete((long) ((used - target) / 100 * disk.total()));
        if (deleted.files() > 0) {
            deletedFiles.increment(deleted.files());
            deletedBytes.increment(deleted.bytes());
            LOG.infof("Disk: %d segments with receipts were deleted, %d bytes", deleted.files(), deleted.bytes());
        }
    }

    /** The worst that its threshold allows; a tier that holds already is left only below its threshold's slack. */
    private Tier wanted() {
        Tier wanted = Tier.NORMAL;
        for (Tier one : Tier.values()) {
            if (used >= threshold(one) - (tier.atLeast(one) ? settings.hysteresis() : 0)) {
                wanted = one;
            }
        }
        return wanted;
    }

    private double threshold(Tier of) {
        return switch (of) {
            case NORMAL -> Double.NEGATIVE_INFINITY;
            case DELETING -> settings.deleteAt();
            case THINNING -> settings.thinAt();
            case STOPPED -> settings.stopAt();
        };
    }

    private static String meaning(Tier tier) {
        return switch (tier) {
            case NORMAL -> "everything is recorded";
            case DELETING -> "segments that have a receipt are deleted, everything is recorded";
            case THINNING -> "raw frames and book depth are not recorded";
            case STOPPED -> "nothing is recorded";
        };
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
    }
}
