package io.tidemark.edge.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.Unremovable;
import io.tidemark.edge.bars.BarSettings;
import io.tidemark.edge.disk.DiskSettings;
import io.tidemark.edge.disk.DiskTiers;
import io.tidemark.edge.feed.FeedSettings;
import io.tidemark.edge.feed.FeedStatus;
import io.tidemark.edge.feed.FeedsSettings;
import io.tidemark.edge.log.LogSettings;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.poll.PollStatus;
import io.tidemark.edge.poll.PollsSettings;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The whole edge: logs, what takes events out of them, and one {@link SourceLine} per source.
 *
 * <p>Start: recover the logs, then Kafka and segments, then rebuild the bars and connect. Stop, in this order:
 * sockets, open bars, the stop's own event; logs sealed; Kafka drained within a limit; all logs converted;
 * {@code status.json}. Called by the program's thread; {@link #status} by any.
 */
@Singleton
@Unremovable
public final class IngestPipeline {
    private static final Logger LOG = Logger.getLogger(IngestPipeline.class);
    private static final Duration FEED_STOP = Duration.ofSeconds(5);
    private static final String STATUS_FILE = "status.json";

    private final EdgeSettings settings;
    private final FeedsSettings feeds;
    private final PollsSettings polls;
    private final BarSettings bars;
    private final LogSettings logSettings;
    private final DiskSettings diskSettings;
    private final MeterRegistry registry;
    private final Outlets outlets;
    private final InstantSource clock = InstantSource.system();

    private volatile @Nullable LogStore store;
    private volatile @Nullable DiskTiers disk;
    private volatile List<SourceLine> lines = List.of();
    private volatile PollLines polled = PollLines.NONE;
    private volatile boolean started;

    IngestPipeline(
            EdgeSettings settings,
            FeedsSettings feeds,
            PollsSettings polls,
            BarSettings bars,
            LogSettings logSettings,
            DiskSettings diskSettings,
            MeterRegistry registry,
            Outlets outlets) {
        this.settings = settings;
        this.feeds = feeds;
        this.polls = polls;
        this.bars = bars;
        this.logSettings = logSettings;
        this.diskSettings = diskSettings;
        this.registry = registry;
        this.outlets = outlets;
    }

    /** Throws with one understandable sentence when the data folder cannot be used. */
    public void start() throws IOException {
        Path folder = settings.dataDir().toAbsolutePath().normalize();
        Files.createDirectories(folder);
        Files.deleteIfExists(folder.resolve(STATUS_FILE));
        LogStore logs = LogStore.open(folder, settings.name(), settings.tenant(), logSettings, clock, registry);
        store = logs;
        logs.start();
        outlets.start(logs);
        List<SourceLine> opened = new ArrayList<>();
        if (settings.connect()) {
            SplittableRandom random = new SplittableRandom();
            for (Map.Entry<String, FeedSettings> feed : new TreeMap<>(feeds.feeds()).entrySet()) {
                opened.add(
                        SourceLine.open(feed.getKey(), feed.getValue(), bars, logs, registry, clock, random.split()));
            }
        }
        lines = List.copyOf(opened);
        if (settings.connect()) {
            polled = PollLines.open(polls, logs, outlets::limit, registry, clock);
        }
        lines.forEach(SourceLine::start);
        polled.start();
        DiskTiers watching = new DiskTiers(
                folder, diskSettings, (from, to, why) -> lines.forEach(line -> line.disk(from, to, why)), registry);
        watching.start();
        disk = watching;
        started = true;
        LOG.infof(
                "Edge %s, incarnation %d, records in %s%s",
                settings.name(),
                (Object) logs.incarnation(),
                folder,
                settings.connect() ? "" : "; connects to no source");
    }

    /**
     * Asks a running source for other instruments or streams, without a reconnect; nothing else of its settings is
     * taken over. The settings have been checked.
     *
     * @return what was changed, or empty when it is asked for the same as before
     * @throws IllegalArgumentException where there is no such source
     */
    public Optional<String> change(String feed, FeedSettings wanted) {
        for (SourceLine line : lines) {
            if (line.status().name().equals(feed)) {
                return line.change(wanted);
            }
        }
        throw new IllegalArgumentException("there is no source \"" + feed + "\" running");
    }

    /** Whether the process is worth keeping: false only when what brings events to the disk hangs or has died. */
    boolean isAlive() {
        LogStore logs = store;
        return logs == null || logs.isFlushing();
    }

    public boolean isStarted() {
        return started;
    }

    public List<FeedStatus> feeds() {
        return lines.stream().map(SourceLine::status).toList();
    }

    public List<PollStatus> polls() {
        return polled.status();
    }

    /** As {@code GET /status} shows it. */
    public Map<String, Object> status() {
        Map<String, Object> all = new LinkedHashMap<>();
        LogStore logs = store;
        all.put("edge", settings.name());
        all.put("tenant", settings.tenant());
        all.put("incarnation", logs == null ? 0L : logs.incarnation());
        Map<String, Object> feedStates = new TreeMap<>();
        Map<String, Long> decoded = new TreeMap<>();
        Map<String, Long> logged = new TreeMap<>();
        long quarantined = 0;
        // Decoded first: what is decoded between the two looks is then only logged more, never less, for long.
        Map<String, SourceLine> byName = new TreeMap<>();
        for (SourceLine line : lines) {
            FeedStatus feed = line.status();
            byName.put(feed.name(), line);
            feedStates.put(feed.name(), shown(feed));
            line.decoded().forEach((channel, count) -> decoded.merge(channel, count, Long::sum));
            quarantined += feed.quarantined();
        }
        Map<String, Map<String, Long>> byPoll = polled.decoded();
        for (Map<String, Long> counts : byPoll.values()) {
            counts.forEach((channel, count) -> decoded.merge(channel, count, Long::sum));
        }
        for (PollStatus poll : polled.status()) {
            quarantined += poll.quarantined();
        }
        if (logs != null) {
            for (String source : logs.sources()) {
                Map<String, Long> written = logs.totals(source).channels();
                written.forEach((channel, count) -> logged.merge(channel, count, Long::sum));
                if (!byName.containsKey(source) && !byPoll.containsKey(source)) {
                    written.forEach((channel, count) -> decoded.merge(channel, count, Long::sum));
                }
            }
        }
        all.put("feeds", feedStates);
        all.put("polls", polled.shown());
        Map<String, Object> channels = new TreeMap<>();
        for (String channel : union(decoded, logged)) {
            channels.put(
                    channel,
                    Map.of("decoded", decoded.getOrDefault(channel, 0L), "logged", logged.getOrDefault(channel, 0L)));
        }
        all.put("channels", channels);
        all.put("forward", Map.of("pending", outlets.pending(), "acknowledged", outlets.acknowledged()));
        all.put("rate-limits", outlets.limits());
        DiskTiers watching = disk;
        if (watching != null) {
            all.put("disk", watching.status());
        }
        all.put("segments", Map.of("files", outlets.segments()));
        all.put("quarantined", quarantined);
        return all;
    }

    private static List<String> union(Map<String, Long> left, Map<String, Long> right) {
        TreeMap<String, Long> all = new TreeMap<>(left);
        all.putAll(right);
        return List.copyOf(all.keySet());
    }

    private static Map<String, Object> shown(FeedStatus feed) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("state", feed.state().name());
        shown.put("frames", feed.frames());
        shown.put("quarantined", feed.quarantined());
        shown.put("reconnects", feed.reconnects());
        shown.put("handovers", feed.handovers());
        shown.put("book-checks-ok", feed.bookChecksPassed());
        shown.put("book-checks-failed", feed.bookChecksFailed());
        shown.put("fresh", feed.fresh());
        shown.put("last-frame-time", feed.lastFrameTime());
        shown.put("last-data-time", feed.lastDataTime());
        shown.put("instruments", feed.instruments());
        shown.put("stale-streams", feed.staleStreams());
        if (feed.problem() != null) {
            shown.put("last-error", feed.problem());
        }
        return shown;
    }

    /** Ends in order; says whether everything that could be kept was kept. */
    public boolean stop() {
        LogStore logs = store;
        if (logs == null) {
            return true;
        }
        started = false;
        DiskTiers watching = disk;
        if (watching != null) {
            watching.close();
        }
        LOG.info("Stopping: sources, logs, Kafka, segments");
        lines.forEach(line -> line.stop(FEED_STOP));
        polled.stop(FEED_STOP);
        boolean whole = true;
        try {
            logs.seal();
        } catch (IOException e) {
            LOG.errorf("The logs could not be sealed: %s", e.getMessage());
            whole = false;
        }
        try {
            outlets.finish();
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "Kafka or segments could not be finished; the next start goes on with them");
            whole = false;
        }
        try {
            writeStatus(logs);
            logs.close();
        } catch (IOException e) {
            LOG.errorf("Stopping: %s", e.getMessage());
            whole = false;
        }
        store = null;
        return whole;
    }

    private void writeStatus(LogStore logs) throws IOException {
        Path file = logs.dataDir().resolve(STATUS_FILE);
        Path part = logs.dataDir().resolve(STATUS_FILE + ".part");
        try {
            Files.write(part, StatusJson.bytes(status()));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
