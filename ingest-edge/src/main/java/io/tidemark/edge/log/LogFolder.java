package io.tidemark.edge.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One source's folder {@code raw/active/<source>}: its logs by ordinal, and the ordinal that comes next.
 *
 * <p>The list is safe for all threads; logs are begun under the event log's lock only.
 */
final class LogFolder {
    static final String LOG = ".log";
    static final String PART = ".part";
    /** Beside a log whose segments are in {@code ready/}; what stands in it is the converter's business. */
    static final String CONVERTED = ".segments.json";

    /** What a repair did to the folder, for the next start to record. */
    static final String REPAIRED = "repaired.txt";

    private static final Logger LOGGER = Logger.getLogger(LogFolder.class);
    private static final String ORDINAL = "ordinal";

    private final String source;
    private final Path path;
    private final LogDevice device;
    private final ConcurrentSkipListMap<Long, StoredLog> logs = new ConcurrentSkipListMap<>();
    private long nextOrdinal;
    private LogTotals totals = LogTotals.NONE;
    /** Logs below this one were passed by every reader that must see each record. */
    private volatile long passed;

    LogFolder(String source, Path path, LogDevice device) {
        this.source = source;
        this.path = path;
        this.device = device;
    }

    String source() {
        return source;
    }

    Path path() {
        return path;
    }

    /** Of all logs that stood here when they were recovered. */
    LogTotals totals() {
        return totals;
    }

    Collection<StoredLog> logs() {
        return logs.values();
    }

    @Nullable
    StoredLog log(long ordinal) {
        return logs.get(ordinal);
    }

    @Nullable
    StoredLog atOrBehind(long ordinal) {
        Map.Entry<Long, StoredLog> entry = logs.ceilingEntry(ordinal);
        return entry == null ? null : entry.getValue();
    }

    /** What the recovery found; before any log is begun. {@code begunOrdinal}: of a log that never got its name; or -1. */
    void recovered(Collection<StoredLog> found, LogTotals after, long highestOrdinal, long begunOrdinal)
            throws IOException {
        for (StoredLog log : found) {
            if (Files.exists(marker(log))) {
                log.convert();
            }
            logs.put(log.ordinal(), log);
        }
        totals = after;
        Path file = path.resolve(ORDINAL);
        long persisted = 0;
        if (Files.exists(file)) {
            try {
                persisted = Long.parseLong(
                        Files.readString(file, StandardCharsets.UTF_8).strip());
            } catch (NumberFormatException e) {
                LOGGER.warnf("%s holds no number; the logs' own names decide", file);
            }
        }
        nextOrdinal = Math.max(persisted, highestOrdinal + 1);
        if (begunOrdinal == nextOrdinal - 1 && begunOrdinal > highestOrdinal) {
            LogDevice.replace(file, (begunOrdinal + "\n").getBytes(StandardCharsets.UTF_8));
            nextOrdinal = begunOrdinal;
        }
    }

    Path marker(StoredLog log) {
        return path.resolve(name(log.ordinal()) + CONVERTED);
    }

    static String name(long ordinal) {
        return String.format("%010d", ordinal);
    }

    /**
     * A new log that is on the disk, header and blocks, before it has its name: after a crash it is there as a whole
     * or not at all.
     */
    OpenLog begin(
            long incarnation,
            Instant hour,
            LogTotals before,
            UnsyncedBlocks blocks,
            long cutOrdinal,
            long cutLength,
            String edge,
            String tenant)
            throws IOException {
        long ordinal = nextOrdinal;
        LogHeader header = new LogHeader(
                UUID.randomUUID(), edge, tenant, source, incarnation, ordinal, hour, before, cutOrdinal, cutLength);
        Path file = path.resolve(name(ordinal) + LOG);
        Path part = path.resolve(name(ordinal) + LOG + PART);
        // Before the ordinal is persisted: whoever finds an ordinal without its log sees by this file that there was
        // none.
        LogDevice.Output out = device.create(part);
        try {
            LogDevice.replace(path.resolve(ORDINAL), (ordinal + 1 + "\n").getBytes(StandardCharsets.UTF_8));
            byte[] bytes = LogFormat.header(header);
            out.write(bytes, 0, bytes.length);
            long records = rewrite(blocks, out);
            out.sync();
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            LogDevice.syncFolder(path);
            StoredLog stored = new StoredLog(file, header, bytes.length + (long) blocks.length());
            logs.put(ordinal, stored);
            nextOrdinal = ordinal + 1;
            return new OpenLog(stored, out, records);
        } catch (IOException e) {
            try {
                // The ordinal is free again, since nobody has seen a log of it; the part stays as its trace.
                if (Files.deleteIfExists(file)) {
                    device.create(part).close();
                }
                out.truncate(0);
                out.close();
            } catch (IOException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    private static long rewrite(UnsyncedBlocks blocks, LogDevice.Output out) throws IOException {
        byte[] bytes = blocks.bytes();
        byte[] head = new byte[LogFormat.BLOCK_HEAD];
        long records = 0;
        int at = 0;
        for (Iterator<UnsyncedBlocks.Entry> entries = blocks.entries(); entries.hasNext(); ) {
            UnsyncedBlocks.Entry entry = entries.next();
            System.arraycopy(bytes, at, head, 0, head.length);
            LogFormat.renumber(head, records);
            out.write(head, 0, head.length);
            out.write(bytes, at + head.length, entry.length() - head.length);
            at += entry.length();
            records += entry.records();
        }
        return records;
    }

    /** A log whose fsync failed: only what was synced counts, the rest stands in the log that took over. */
    void cut(OpenLog log) {
        log.stored.grow(log.synced);
        log.stored.seal();
        try (LogDevice.Output out = device.create(log.stored.path())) {
            out.truncate(log.synced);
        } catch (IOException e) {
            // The new log's header says the same to whoever reads it after a restart.
            LOGGER.debugf(e, "cutting %s", log.stored);
        }
    }

    void converted(StoredLog log) {
        log.convert();
        retire();
    }

    void passed(long ordinal) {
        if (ordinal > passed) {
            passed = ordinal;
            retire();
        }
    }

    /** Deletes what is converted and passed, but for the newest sealed log: open bars are built again from it. */
    private synchronized void retire() {
        long newest = -1;
        for (StoredLog log : logs.descendingMap().values()) {
            if (log.isSealed()) {
                newest = log.ordinal();
                break;
            }
        }
        boolean deleted = false;
        for (StoredLog log : logs.headMap(Math.min(newest, passed)).values()) {
            if (log.isSealed() && log.isConverted()) {
                try {
                    Files.deleteIfExists(log.path());
                    logs.remove(log.ordinal());
                    deleted = true;
                } catch (IOException e) {
                    LOGGER.warnf("%s could not be deleted, it is tried again: %s", log.path(), e.getMessage());
                }
            }
        }
        if (deleted) {
            try {
                LogDevice.syncFolder(path);
            } catch (IOException e) {
                LOGGER.debugf(e, "syncing %s", path);
            }
        }
    }
}
