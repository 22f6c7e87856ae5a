package io.tidemark.edge.log;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Gap;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.segment.PathText;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * All logs of one edge, below {@code <data-dir>/raw/active}.
 *
 * <p>{@link #open(Path, String, String, LogSettings, InstantSource, MeterRegistry)} makes the folder whole: it takes
 * the folder's lock, recovers every log, raises the incarnation and syncs it. {@link #start} then begins the
 * flusher, the one thread that writes what waits and syncs. Safe for all threads.
 */
public final class LogStore implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LogStore.class);
    private static final int REPAIR_DETAIL = 2000;
    private static final long STUCK_NANOS = 150_000_000_000L;

    private final Path dataDir;
    private final String edge;
    private final String tenant;
    private final LogSettings settings;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final LogDevice device;
    private final LogMeters meters;
    private final Path active;
    private final FileChannel lockFile;
    private final Map<String, LogFolder> folders = new ConcurrentHashMap<>();
    private final Map<String, EventLog> logs = new ConcurrentHashMap<>();
    private final Map<String, LogRecovery.Report> recovered = new ConcurrentHashMap<>();
    private final List<Runnable> writeListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<StoredLog>> sealListeners = new CopyOnWriteArrayList<>();
    private final long incarnation;
    private final Thread flusher;
    private volatile long flushedAt = System.nanoTime();
    private volatile boolean closing;
    private volatile boolean unforwarded;

    /** Throws with one understandable sentence when another edge uses the folder or it cannot be written. */
    public static LogStore open(
            Path dataDir, String edge, String tenant, LogSettings settings, InstantSource clock, MeterRegistry meters)
            throws IOException {
        return new LogStore(dataDir, edge, tenant, settings, clock, meters, System::nanoTime, LogDevice.DISK);
    }

    /** As {@link #open(Path, String, String, LogSettings, InstantSource, MeterRegistry)}, for a repair. */
    public static LogStore openForRepair(
            Path dataDir,
            String edge,
            String tenant,
            LogSettings settings,
            InstantSource clock,
            MeterRegistry meters,
            Repair repair)
            throws IOException {
        return new LogStore(dataDir, edge, tenant, settings, clock, meters, System::nanoTime, LogDevice.DISK, repair);
    }

    /** Done when the folder's lock is held, before the logs are recovered. */
    public interface Repair {
        void run() throws IOException;
    }

    LogStore(
            Path dataDir,
            String edge,
            String tenant,
            LogSettings settings,
            InstantSource clock,
            MeterRegistry registry,
            LongSupplier nanos,
            LogDevice device)
            throws IOException {
        this(dataDir, edge, tenant, settings, clock, registry, nanos, device, () -> {});
    }

    private LogStore(
            Path dataDir,
            String edge,
            String tenant,
            LogSettings settings,
            InstantSource clock,
            MeterRegistry registry,
            LongSupplier nanos,
            LogDevice device,
            Repair repair)
            throws IOException {
        this.dataDir = dataDir;
        this.edge = edge;
        this.tenant = tenant;
        this.settings = settings;
        this.clock = clock;
        this.nanos = nanos;
        this.device = device;
        this.meters = new LogMeters(registry);
        active = dataDir.resolve("raw").resolve("active");
        Files.createDirectories(active);
        Path state = Files.createDirectories(dataDir.resolve("state"));
        lockFile = lock(state.resolve("lock"));
        try {
            repair.run();
            recoverAll();
            incarnation = raise(state.resolve("incarnation"));
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
        flusher = new Thread(this::flush, "log-flusher");
        flusher.setDaemon(true);
    }

    /** Whether an edge holds the folder now. Changes nothing. */
    public static boolean isUsed(Path dataDir) throws IOException {
        Path file = dataDir.resolve("state").resolve("lock");
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    private FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Of this very process: the same answer.
        }
        channel.close();
        throw new IOException("the data folder " + dataDir + " is used by another edge that is running");
    }

    private void recoverAll() throws IOException {
        try (DirectoryStream<Path> sources = Files.newDirectoryStream(active, Files::isDirectory)) {
            for (Path path : sources) {
                String source;
                try {
                    source = PathText.decode(path.getFileName().toString());
                } catch (IllegalArgumentException e) {
                    LOG.warnf("%s is no source's folder and is left alone", path);
                    continue;
                }
                recover(source, path);
            }
        }
    }

    private LogFolder recover(String source, Path path) throws IOException {
        LogFolder folder = new LogFolder(source, path, device);
        LogRecovery.Report report = LogRecovery.recover(folder, dataDir.resolve("quarantine"));
        for (String finding : report.findings()) {
            LOG.warnf("Recovery of %s: %s", source, finding);
        }
        if (report.logs() > 0) {
            LOG.infof(
                    "Recovered %d logs of %s: %s, %d torn bytes, %d files in quarantine",
                    (Object) report.logs(),
                    source,
                    folder.totals().channels(),
                    report.tornBytes(),
                    report.quarantined());
        }
        meters.recovered(report);
        if (unforwarded) {
            folder.passed(Long.MAX_VALUE);
        }
        folders.put(source, folder);
        recovered.put(source, report);
        return folder;
    }

    private long raise(Path file) throws IOException {
        long highest = 0;
        for (LogFolder folder : folders.values()) {
            for (StoredLog log : folder.logs()) {
                highest = Math.max(highest, log.header().incarnation());
            }
        }
        if (Files.exists(file)) {
            String text = Files.readString(file, StandardCharsets.UTF_8).strip();
            try {
                highest = Math.max(highest, Long.parseLong(text));
            } catch (NumberFormatException e) {
                // Seconds since 1970 are above any count of starts, so no number is given twice.
                LOG.warnf("%s holds no number; counting on from the clock", file);
                highest = Math.max(highest, clock.instant().getEpochSecond());
            }
        }
        LogDevice.replace(file, (highest + 1 + "\n").getBytes(StandardCharsets.UTF_8));
        return highest + 1;
    }

    public Path dataDir() {
        return dataDir;
    }

    public String edge() {
        return edge;
    }

    public String tenant() {
        return tenant;
    }

    /** Raised and synced before this store was returned. */
    public long incarnation() {
        return incarnation;
    }

    /** Begins the flusher. */
    public void start() {
        flusher.start();
    }

    /**
     * The log of one source; its first batches tell that the edge was not running, and what a torn log lost.
     *
     * <p>Called once per source.
     */
    public EventLog open(String source) throws IOException {
        EventLog log = openQuietly(source);
        LogRecovery.Report report = recovered.get(source);
        if (report != null) {
            tellOfRestart(log, report);
        }
        return log;
    }

    /**
     * The log of a source that misses nothing while no edge runs, such as a history from files. Called once per source.
     */
    public EventLog openQuietly(String source) throws IOException {
        LogFolder folder = folders.get(source);
        if (folder == null) {
            folder = recover(source, Files.createDirectories(active.resolve(PathText.encode(source))));
            LogDevice.syncFolder(active);
        }
        EventLog log = new EventLog(this, folder, settings);
        if (logs.putIfAbsent(source, log) != null) {
            throw new IllegalStateException("the log of " + source + " is open");
        }
        tellOfRepair(log, folder);
        return log;
    }

    /** What a repair could not bring back stands in the data as a gap, too. */
    private void tellOfRepair(EventLog log, LogFolder folder) throws IOException {
        Path note = folder.path().resolve(LogFolder.REPAIRED);
        if (Files.exists(note)) {
            String text = Files.readString(note, StandardCharsets.UTF_8);
            log.record(Gap.newBuilder()
                    .setReason(GapReason.GAP_REASON_TORN_LOG)
                    .setToTime(wallNanos())
                    .setDetail(text.length() > REPAIR_DETAIL ? text.substring(0, REPAIR_DETAIL) : text)
                    .build());
            // On the disk before the note goes.
            log.rotate();
            Files.delete(note);
        }
    }

    /** One sentence per log that was not whole when it was recovered, by source. */
    public Map<String, List<String>> findings() {
        Map<String, List<String>> all = new java.util.TreeMap<>();
        recovered.forEach((source, report) -> {
            if (!report.findings().isEmpty()) {
                all.put(source, report.findings());
            }
        });
        return all;
    }

    private void tellOfRestart(EventLog log, LogRecovery.Report report) {
        if (report.logs() + report.quarantined() == 0) {
            return;
        }
        if (report.tornBytes() > 0 || report.quarantined() > 0) {
            gap(
                    log,
                    report,
                    GapReason.GAP_REASON_TORN_LOG,
                    report.tornBytes() + " bytes were cut off and " + report.quarantined()
                            + " files could not be read; both are kept in quarantine");
        }
        gap(log, report, GapReason.GAP_REASON_RESTART, "the edge was not running");
    }

    private void gap(EventLog log, LogRecovery.Report report, GapReason reason, String detail) {
        Gap.Builder gap =
                Gap.newBuilder().setReason(reason).setToTime(wallNanos()).setDetail(detail);
        if (report.lastReceive() > 0) {
            gap.setFromTime(report.lastReceive());
        }
        log.record(gap.build());
    }

    /** Has a gap event recorded in the source's log soon; a source that is not recorded now only gets a warning. */
    public void tell(String source, Gap gap) {
        EventLog log = logs.get(source);
        if (log != null) {
            log.tell(gap);
        }
        LOG.warnf("Gap in %s: %s", source, gap.getDetail());
    }

    /** Every source that has a folder, also those that are not recorded now. */
    public Set<String> sources() {
        return new TreeSet<>(folders.keySet());
    }

    /** Records for which {@code write()} returned, of all incarnations. */
    public LogTotals totals(String source) {
        EventLog log = logs.get(source);
        return log == null ? folder(source).totals() : log.written();
    }

    /** Oldest first. */
    public List<StoredLog> logs(String source) {
        return new ArrayList<>(folder(source).logs());
    }

    /** The log of this ordinal or, where it is gone, the next one; null where there is none yet. */
    public @Nullable StoredLog atOrBehind(String source, long ordinal) {
        return folder(source).atOrBehind(ordinal);
    }

    /** Where the source's logs are. */
    public Path folderOf(String source) {
        return folder(source).path();
    }

    /** Beside the log, where the converter notes what it made of it. */
    public Path conversionNote(StoredLog log) {
        return folder(log.source()).marker(log);
    }

    /** Its note is on the disk. */
    public void markConverted(StoredLog log) {
        folder(log.source()).converted(log);
    }

    /** Every record of the source's logs below this ordinal was acknowledged by Kafka. */
    public void markPassed(String source, long ordinal) {
        folder(source).passed(ordinal);
    }

    /** Nothing is forwarded: a log goes as soon as it is converted. */
    public void forwardNothing() {
        unforwarded = true;
        folders.values().forEach(folder -> folder.passed(Long.MAX_VALUE));
    }

    private LogFolder folder(String source) {
        LogFolder folder = folders.get(source);
        if (folder == null) {
            throw new IllegalArgumentException("no log of source \"" + source + "\"");
        }
        return folder;
    }

    /**
     * Gives the source's retained events of some kinds, as far as they were received since {@code since}, in the order
     * of the log. A damaged log is read up to its damage.
     */
    public void replay(String source, Instant since, Predicate<Channel> kinds, Consumer<Envelope> consumer)
            throws IOException {
        int wanted = 0;
        for (Channel channel : Channel.values()) {
            wanted |= kinds.test(channel) ? RecordKinds.bit(channel) : 0;
        }
        long from = Math.multiplyExact(since.getEpochSecond(), 1_000_000_000L) + since.getNano();
        for (StoredLog log : logs(source)) {
            if (log.hour().plusSeconds(3600 + 60).isBefore(since)) {
                continue;
            }
            try (LogReader reader = new LogReader(log.path())) {
                replay(reader, log.length(), wanted, from, consumer);
            } catch (DamagedLogException e) {
                LOG.warnf("Reading back %s ends early: %s", log, e.getMessage());
            }
        }
    }

    private static void replay(LogReader reader, long limit, int wanted, long from, Consumer<Envelope> consumer)
            throws IOException {
        BlockHead head = reader.head(reader.firstBlock(), limit);
        while (head != null) {
            if ((head.kinds() & wanted) != 0 && head.lastReceive() >= from) {
                LogBlock block = reader.block(head);
                for (int at = block.first(); at < block.end(); at = block.next(at)) {
                    if ((block.kindBit(at) & wanted) != 0 && block.receiveTime(at) >= from) {
                        consumer.accept(block.event(at));
                    }
                }
            }
            head = reader.head(head.next(), limit);
        }
    }

    /** Called after each {@code write()}, under the log's lock: it must only wake somebody. */
    public void onWrite(Runnable listener) {
        writeListeners.add(listener);
    }

    /** Called when a log was sealed, under the log's lock: it must only wake somebody. */
    public void onSeal(Consumer<StoredLog> listener) {
        sealListeners.add(listener);
    }

    void written(int records, int bytes) {
        meters.written(records, bytes);
        for (Runnable listener : writeListeners) {
            listener.run();
        }
    }

    void sealed(StoredLog log) {
        for (Consumer<StoredLog> listener : sealListeners) {
            listener.accept(log);
        }
    }

    LogMeters meters() {
        return meters;
    }

    long nanos() {
        return nanos.getAsLong();
    }

    long wallNanos() {
        Instant now = clock.instant();
        return Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L) + now.getNano();
    }

    void wakeFlusher() {
        LockSupport.unpark(flusher);
    }

    private void flush() {
        long pause = Math.max(
                5_000_000L, Math.min(50_000_000L, settings.writeInterval().toNanos() / 4));
        while (!closing) {
            tick();
            flushedAt = System.nanoTime();
            LockSupport.parkNanos(this, pause);
        }
    }

    /** Whether the flusher came round lately; an fsync that hangs is given up after a minute. */
    public boolean isFlushing() {
        return closing
                || flusher.getState() == Thread.State.NEW
                || (flusher.isAlive() && System.nanoTime() - flushedAt < STUCK_NANOS);
    }

    /** What the flusher does again and again; tests call it by hand. */
    void tick() {
        for (EventLog log : logs.values()) {
            try {
                log.tick();
            } catch (RuntimeException | Error e) {
                // Without the flusher nothing would be synced any more, silently.
                LOG.errorf(e, "The flusher failed on the log of %s", log.source());
            }
        }
    }

    /** Writes, syncs and seals every log. */
    public void seal() throws IOException {
        IOException failure = null;
        for (EventLog log : logs.values()) {
            try {
                log.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Seals what is open and lets the folder go. */
    @Override
    public void close() throws IOException {
        closing = true;
        LockSupport.unpark(flusher);
        try {
            seal();
        } finally {
            lockFile.close();
        }
    }
}
