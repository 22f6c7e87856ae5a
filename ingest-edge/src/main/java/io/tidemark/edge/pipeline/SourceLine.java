package io.tidemark.edge.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.edge.bars.BarBuilder;
import io.tidemark.edge.bars.BarRebuild;
import io.tidemark.edge.bars.BarSettings;
import io.tidemark.edge.disk.Tier;
import io.tidemark.edge.feed.ChannelCounts;
import io.tidemark.edge.feed.EventRecorder;
import io.tidemark.edge.feed.FeedMetrics;
import io.tidemark.edge.feed.FeedSettings;
import io.tidemark.edge.feed.FeedStatus;
import io.tidemark.edge.feed.FeedSupervisor;
import io.tidemark.edge.feed.Quarantine;
import io.tidemark.edge.feed.Venue;
import io.tidemark.edge.feed.VenuePlan;
import io.tidemark.edge.log.EventLog;
import io.tidemark.edge.log.Journal;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.log.StoredLog;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * One source from its socket to its log: everything of it, on an event loop of its own.
 *
 * <p>Made and started by {@link IngestPipeline}'s thread; afterwards only the feed's thread touches the parts.
 */
final class SourceLine {
    private static final Logger LOG = Logger.getLogger(SourceLine.class);
    /** Beyond the longest bar and its lateness: what a connection may have been quiet before. */
    private static final Duration REBUILD_MARGIN = Duration.ofMinutes(2);

    private final String name;
    private final LogStore store;
    private final Vertx vertx;
    private final FeedSupervisor feed;
    private final ChannelCounts counts;
    private final Map<String, Long> before;
    private Subscribed subscribed;

    private SourceLine(
            String name,
            LogStore store,
            Vertx vertx,
            FeedSupervisor feed,
            ChannelCounts counts,
            Map<String, Long> before,
            Subscribed subscribed) {
        this.subscribed = subscribed;
        this.name = name;
        this.store = store;
        this.vertx = vertx;
        this.feed = feed;
        this.counts = counts;
        this.before = before;
    }

    static SourceLine open(
            String name,
            FeedSettings settings,
            BarSettings barSettings,
            LogStore store,
            MeterRegistry registry,
            InstantSource clock,
            RandomGenerator random)
            throws IOException {
        boolean known = store.sources().contains(name);
        Map<String, Long> before = new TreeMap<>(known ? store.totals(name).channels() : Map.of());
        List<StoredLog> logs = known ? store.logs(name) : List.of();
        FeedMetrics metrics = new FeedMetrics(registry, name);
        ChannelCounts counts = new ChannelCounts(metrics::channel);
        EventLog log = store.open(name);
        // What opening the log has recorded already: that the edge was not running.
        Journal.Stream gaps = log.stream(Channel.GAPS.label(), Channel.WHOLE_CONNECTION, "", Connector.WS);
        if (gaps.sequence() > 0) {
            before.merge(Channel.GAPS.label(), gaps.sequence(), Long::sum);
        }
        EventRecorder recorder = new EventRecorder(log, counts);
        VenuePlan plan = Venues.of(settings.venue().orElse(name)).orElseThrow().plan(name, settings, mistake -> {
            throw new IllegalStateException(mistake);
        });
        BarBuilder bars = new BarBuilder(
                barSettings.intervals(), barSettings.barLateness(), barSettings.closedBarsKept(), recorder);
        rebuild(name, plan, bars, recorder, barSettings, store, logs, clock);
        Venue venue = plan.open(recorder, random);
        Quarantine quarantine = new Quarantine(store.dataDir().resolve("quarantine"), name, metrics::quarantined);
        Vertx vertx = Vertx.vertx(options());
        FeedSupervisor feed = new FeedSupervisor(
                name,
                settings,
                plan,
                vertx,
                venue,
                log,
                recorder,
                bars,
                quarantine,
                metrics,
                clock,
                System::nanoTime,
                random);
        return new SourceLine(name, store, vertx, feed, counts, before, Subscribed.of(settings));
    }

    /** One event loop, and threads for nothing else but a slow name server. */
    private static VertxOptions options() {
        return new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setPreferNativeTransport(false)
                .setAddressResolverOptions(new AddressResolverOptions().setMaxQueries(4))
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    }

    private static void rebuild(
            String name,
            VenuePlan plan,
            BarBuilder bars,
            EventRecorder recorder,
            BarSettings settings,
            LogStore store,
            List<StoredLog> logs,
            InstantSource clock)
            throws IOException {
        boolean whole =
                logs.isEmpty() || logs.get(0).header().before().channels().isEmpty();
        Instant since = Instant.EPOCH;
        if (!logs.isEmpty()) {
            Duration reach = bars.longest().plus(settings.barLateness()).plus(REBUILD_MARGIN);
            since = logs.get(logs.size() - 1).hour().minus(reach);
            whole &= !logs.get(0).hour().isBefore(since);
        }
        BarRebuild rebuild = new BarRebuild(bars, recorder, plan.barsFromAggregates(), whole);
        if (!logs.isEmpty()) {
            store.replay(name, since, kind -> kind == Channel.TRADES || kind == Channel.BARS, rebuild::accept);
        }
        Instant now = clock.instant();
        rebuild.done(now.getEpochSecond() * 1_000_000_000L + now.getNano());
    }

    /** Asks for other instruments or streams from now on; says what has changed. */
    synchronized Optional<String> change(FeedSettings wanted) {
        Subscribed after = Subscribed.of(wanted);
        if (after.equals(subscribed)) {
            return Optional.empty();
        }
        String venue = wanted.venue().orElse(name);
        VenuePlan plan = Venues.of(venue).orElseThrow().plan(name, wanted, mistake -> {
            throw new IllegalArgumentException(mistake);
        });
        String detail = "symbols " + after.symbols() + ", streams "
                + (after.streams().isEmpty() ? "as usual" : after.streams()) + " instead of " + subscribed.symbols()
                + ", " + (subscribed.streams().isEmpty() ? "as usual" : subscribed.streams());
        feed.change(plan, detail);
        subscribed = after;
        return Optional.of(detail);
    }

    /** What a source is asked for, as the settings spell it. */
    private record Subscribed(List<String> symbols, List<String> streams) {
        static Subscribed of(FeedSettings settings) {
            return new Subscribed(
                    settings.symbols().orElse(List.of()), settings.streams().orElse(List.of()));
        }
    }

    void start() {
        feed.start();
    }

    /** The disk fills up or empties: what is recorded changes, and the data says so. */
    void disk(Tier from, Tier to, String why) {
        feed.note(SessionChange.SESSION_CHANGE_DISK, why);
        if (to.atLeast(Tier.THINNING) != from.atLeast(Tier.THINNING)) {
            feed.thin(to.atLeast(Tier.THINNING), why);
        }
        if (to == Tier.STOPPED) {
            feed.hold(why);
        } else if (from == Tier.STOPPED) {
            feed.release(why);
        }
    }

    FeedStatus status() {
        return feed.status();
    }

    /** Events committed since the log is kept, by channel. */
    Map<String, Long> decoded() {
        Map<String, Long> sum = new TreeMap<>(before);
        counts.snapshot().forEach((channel, count) -> sum.merge(channel, count, Long::sum));
        return sum;
    }

    /** Events for which {@code write()} returned, by channel. */
    Map<String, Long> logged() {
        return store.totals(name).channels();
    }

    /** Ends the connection and closes what is open; afterwards the log is nobody's but the store's. */
    void stop(Duration limit) {
        try {
            feed.stop().toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warnf("%s: did not stop within %s", name, limit);
        } catch (java.util.concurrent.ExecutionException e) {
            LOG.errorf(e.getCause(), "%s: could not stop in order", name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            LOG.debugf("%s: its event loop ends with the process: %s", name, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
