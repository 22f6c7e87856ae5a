package io.tidemark.store.consume;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.tidemark.contracts.failure.StartFailure;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.deadletter.DeadLetterPublisher;
import io.tidemark.store.feedback.FeedbackSettings;
import io.tidemark.store.migrate.MonthPartitions;
import io.tidemark.store.migrate.Retention;
import io.tidemark.store.migrate.Schema;
import io.tidemark.store.mode.ModeRow;
import io.tidemark.store.mode.ModeState;
import io.tidemark.store.sink.BarFamily;
import io.tidemark.store.write.WriteCoordinator;
import io.tidemark.store.write.WriteSettings;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Starts and stops the writer, and repeats what has to be repeated.
 *
 * <p>Nothing here waits for broker or database: each task tries, says once what is away, and tries again. At
 * the end what is queued is written first, while the database's pool is still open.
 */
@Singleton
public final class StoreLoop {
    private static final Logger LOG = Logger.getLogger(StoreLoop.class);
    private static final int THREADS = 3;
    private static final Duration RETENTION_EVERY = Duration.ofHours(1);

    private final StoreState state;
    private final WriteCoordinator coordinator;
    private final WriteSettings writing;
    private final FeedbackSettings feedback;
    private final Schema schema;
    private final ModeRow modes;
    private final MonthPartitions months;
    private final BarFamily bars;
    private final FactFamilies facts;
    private final Broker broker;
    private final Progress progress;
    private final DeadLetterPublisher letters;
    private final Retention retention;
    private final InstantSource clock;
    private volatile Instant nextRetention = Instant.EPOCH;
    private final List<ScheduledFuture<?>> repeated = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "store-loop");
        thread.setDaemon(true);
        return thread;
    });

    @Inject
    StoreLoop(
            StoreState state,
            WriteCoordinator coordinator,
            WriteSettings writing,
            FeedbackSettings feedback,
            Schema schema,
            ModeRow modes,
            MonthPartitions months,
            BarFamily bars,
            FactFamilies facts,
            Broker broker,
            Progress progress,
            DeadLetterPublisher letters,
            Retention retention,
            InstantSource clock) {
        this.state = state;
        this.coordinator = coordinator;
        this.writing = writing;
        this.feedback = feedback;
        this.schema = schema;
        this.modes = modes;
        this.months = months;
        this.bars = bars;
        this.facts = facts;
        this.broker = broker;
        this.progress = progress;
        this.letters = letters;
        this.retention = retention;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        coordinator.start();
        repeat(new Task("preparing the database", this::prepareDatabase), 1_000);
        repeat(new Task("preparing the topics", this::prepareTopics), 1_000);
        repeat(
                new Task("measuring the progress", progress::tick),
                feedback.interval().toMillis());
        repeat(new Task("hinting at offsets", progress::hint), 5_000);
        repeat(new Task("publishing dead letters", this::publishLetters), 1_000);
        repeat(new Task("making partitions ahead", this::makeMonths), TimeUnit.HOURS.toMillis(1));
        repeat(new Task("dropping what is too old", this::retain), TimeUnit.SECONDS.toMillis(30));
    }

    private void repeat(Task task, long millis) {
        repeated.add(executor.scheduleWithFixedDelay(task, 0, millis, TimeUnit.MILLISECONDS));
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Says once that something does not work, and once that it works again. */
    private final class Task implements Runnable {
        private final String what;
        private final Work work;
        private boolean failing;

        Task(String what, Work work) {
            this.what = what;
            this.work = work;
        }

        @Override
        public void run() {
            try {
                work.run();
                if (failing) {
                    LOG.infof("%s works again", what);
                    failing = false;
                }
            } catch (Exception e) {
                if (!failing && !state.isStopping()) {
                    LOG.warnf("%s does not work yet and is tried again: %s", what, StartFailure.explain(e));
                    failing = true;
                }
            }
        }
    }

    private void prepareDatabase() throws Schema.NotMigrated {
        if (state.isSchemaReady() || state.isStopping()) {
            return;
        }
        try {
            schema.migrate();
        } catch (Schema.NotMigrated e) {
            if (e.mayPass()) {
                throw e;
            }
            System.err.println("store-writer: the database cannot be migrated: " + e.getMessage());
            Quarkus.asyncExit(StartFailure.OTHER);
            state.stopping();
            return;
        }
        ModeState mode = modes.load();
        state.schemaReady();
        state.database(null);
        LOG.infof("database ready, mode %s (%s)", mode.mode(), mode.mode().description());
        makeMonths();
    }

    private void makeMonths() {
        ModeState mode = modes.current();
        if (mode != null) {
            LocalDate today = clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
            months.ensureAhead(bars.tables(mode.mode()), today);
            months.ensureAhead(facts.tables(), today);
        }
    }

    private void retain() throws SQLException {
        if (!state.isSchemaReady() || state.isStopping() || clock.instant().isBefore(nextRetention)) {
            return;
        }
        Instant now = clock.instant();
        List<Retention.Part> dropped = retention.run(now);
        if (!dropped.isEmpty()) {
            months.forget();
        }
        nextRetention = now.plus(RETENTION_EVERY);
    }

    private void prepareTopics() throws Broker.BrokerAway {
        if (!state.areTopicsReady()) {
            List<Topics> topics = new ArrayList<>(facts.topics());
            topics.addAll(List.of(Topics.DEAD_LETTERS, Topics.FEEDBACK));
            broker.createMissing(topics);
            state.topicsReady();
        }
    }

    private void publishLetters() {
        while (state.isSchemaReady() && !state.isStopping() && letters.publishSome()) {
            // Until the outbox is empty.
        }
    }

    void stop(@Observes ShutdownEvent event) {
        state.stopping();
        boolean all = coordinator.drain(writing.drainTimeout());
        LOG.info(all ? "all that was queued is written" : "stopped before all was written; the rest is read again");
        repeated.forEach(task -> task.cancel(true));
        executor.shutdownNow();
        broker.close();
    }
}
