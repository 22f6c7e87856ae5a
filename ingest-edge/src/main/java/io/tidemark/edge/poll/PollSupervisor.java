package io.tidemark.edge.poll;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.feed.Backoff;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.Quarantine;
import io.tidemark.edge.log.EventLog;
import io.tidemark.edge.log.Journal;
import io.tidemark.edge.log.LogStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One polled source: its thread, its rounds of requests, its way back after trouble.
 *
 * <p>Nothing of it is shared with another source but the {@link HostGate}, so a server that hangs, floods or answers
 * rubbish holds up itself only. A failed request is asked again with the same backoff as a lost connection, until the
 * next round takes its place.
 */
public final class PollSupervisor {
    private static final Logger LOG = Logger.getLogger(PollSupervisor.class);
    private static final Duration BACKOFF = Duration.ofSeconds(5);
    /** Follow-ups of one request in one round; a server that never comes to an end must not hold the others. */
    private static final int MOST_FOLLOWING = 10_000;
    /** Rounds without success after which a source is no longer fresh. */
    private static final int STALE_ROUNDS = 3;

    private final String name;
    private final PollPlan plan;
    private final PollSource source;
    private final HostGate gate;
    private final HttpAsk http;
    private final Quarantine quarantine;
    private final PollMetrics metrics;
    private final LogStore store;
    private final EventLog log;
    private final long survived;
    private final Map<String, Long> before;
    private final Journal.Stream gaps;
    private final ToDoubleFunction<Topics> limit;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final PollPace pace;
    private final Backoff backoff;
    private final Map<String, Key> lastBad = new HashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    private @Nullable PollMemory memory;
    private @Nullable PollRecorder recorder;
    private long roundRecords;
    private boolean connected;
    private volatile PollStatus.State state = PollStatus.State.WAITING;
    private volatile long lastSuccess;
    private volatile long lastData;
    private volatile long startedAt;
    private volatile long gapsRecorded;
    private volatile Duration interval;
    private volatile @Nullable String problem;

    /**
     * Opens the source's log. {@code limit} gives the records per second that a family's consumers can take, infinite
     * without a limit.
     */
    public static PollSupervisor open(
            PollPlan plan,
            LogStore store,
            HttpClient client,
            HostGate gate,
            ToDoubleFunction<Topics> limit,
            io.micrometer.core.instrument.MeterRegistry registry,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random)
            throws IOException {
        return new PollSupervisor(plan, store, client, gate, limit, registry, clock, nanos, random);
    }

    private PollSupervisor(
            PollPlan plan,
            LogStore store,
            HttpClient client,
            HostGate gate,
            ToDoubleFunction<Topics> limit,
            io.micrometer.core.instrument.MeterRegistry registry,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random)
            throws IOException {
        this.name = plan.name();
        this.plan = plan;
        this.source = plan.source();
        this.gate = gate;
        this.limit = limit;
        this.clock = clock;
        this.nanos = nanos;
        this.store = store;
        this.metrics = new PollMetrics(registry, name);
        this.quarantine = new Quarantine(store.dataDir().resolve("quarantine"), name, metrics::quarantined);
        this.http = new HttpAsk(client, plan.userAgent(), plan.timeout(), plan.maxAnswer(), clock);
        this.pace = new PollPace(plan.interval(), random);
        this.backoff = new Backoff(BACKOFF, random);
        this.interval = plan.interval();
        boolean known = store.sources().contains(name);
        this.before = new TreeMap<>(known ? store.totals(name).channels() : Map.of());
        this.survived = before.values().stream().mapToLong(Long::longValue).sum();
        this.log = store.open(name);
        this.gaps = log.stream(Channel.GAPS.label(), Channel.WHOLE_CONNECTION, "", Connector.WS);
        this.gapsRecorded = gaps.sequence();
        this.thread = new Thread(this::run, "poll-" + name);
        thread.setDaemon(true);
        metrics.watch(this);
    }

    /** The client that all sources of an edge share: it keeps no state of theirs. */
    public static HttpClient client(Duration connectTimeout) {
        return HttpAsk.client(connectTimeout);
    }

    public void start() {
        startedAt = wall();
        thread.start();
    }

    private void run() {
        try {
            if (pause(pace.first())) {
                return;
            }
            while (!remembers()) {
                if (pause(backoff.next().plusSeconds(1))) {
                    return;
                }
            }
            backoff.reset();
            for (boolean going = true; going; ) {
                long begun = nanos.getAsLong();
                round(begun);
                Duration next = pace.next(limit.applyAsDouble(source.family()), roundRecords);
                interval = pace.stretched(limit.applyAsDouble(source.family()), roundRecords);
                state = PollStatus.State.WAITING;
                going = !pause(next.minusNanos(nanos.getAsLong() - begun));
            }
        } catch (InterruptedException e) {
            // The edge stops.
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            // Not foreseen: whoever repairs it needs the place. The other sources go on.
            LOG.errorf(e, "%s is not polled any more", name);
            problem = "stopped by a defect: " + e;
        } finally {
            state = PollStatus.State.STOPPED;
        }
    }

    /** Reads back what is recorded already; false when it cannot be read now. */
    private boolean remembers() {
        try {
            PollMemory read = new PollMemory(
                    store.dataDir().resolve("state").resolve("poll").resolve(name), survived);
            store.replay(name, Instant.EPOCH, this::isPolled, event -> {
                if (!event.getConnector().equals(Connector.REST.label())) {
                    return;
                }
                long exchange = event.hasExchangeTime()
                        ? event.getExchangeTime()
                        : io.tidemark.contracts.event.EventEncoder.ABSENT;
                try {
                    read.recall(
                            event.getChannel(),
                            event.getSymbol(),
                            exchange,
                            Key.of(event.getChannel(), event.getSymbol(), exchange, event));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            read.saveRecalled(survived);
            memory = read;
            recorder = new PollRecorder(log, read, quarantine, metrics, this::recordsInAll);
            problem = null;
            return true;
        } catch (IOException | UncheckedIOException e) {
            failed("what is recorded already cannot be read: " + e.getMessage());
            return false;
        }
    }

    private boolean isPolled(Channel channel) {
        return switch (channel) {
            case OPTIONS, FUNDAMENTALS, NEWS, BARS_NATIVE, GAPS -> true;
            default -> false;
        };
    }

    private long recordsInAll() {
        return log.committed().channels().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private void round(long begun) throws InterruptedException {
        roundRecords = 0;
        List<PollRequest> due;
        try {
            due = source.round(known()::newest);
        } catch (IOException e) {
            failed("what to ask for cannot be told: " + e.getMessage());
            return;
        }
        while (!due.isEmpty()) {
            List<PollRequest> again = new ArrayList<>();
            Deque<PollRequest> left = new ArrayDeque<>(due);
            for (PollRequest request = left.poll(); request != null; request = left.poll()) {
                ask(request, again);
                if (stopping.getCount() == 0) {
                    return;
                }
            }
            if (again.isEmpty()) {
                backoff.reset();
                return;
            }
            state = PollStatus.State.BACKING_OFF;
            Duration wait = backoff.next();
            long passed = nanos.getAsLong() - begun;
            if (wait.toNanos() > plan.interval().toNanos() - passed || pause(wait)) {
                // The next round takes its place.
                return;
            }
            due = again;
        }
    }

    private PollMemory known() {
        PollMemory read = memory;
        if (read == null) {
            throw new IllegalStateException("the memory was not read");
        }
        return read;
    }

    private void ask(PollRequest first, List<PollRequest> again) throws InterruptedException {
        PollRequest request = first;
        for (int i = 0; i < MOST_FOLLOWING; i++) {
            gate.limit(request.host(), plan.requestsPerSecond());
            long wait = gate.reserve(request.host(), nanos.getAsLong());
            if (gate.closedFor(request.host(), nanos.getAsLong()) > 0) {
                state = PollStatus.State.BACKING_OFF;
            }
            if (pause(Duration.ofNanos(wait))) {
                return;
            }
            state = PollStatus.State.ASKING;
            Answer answer = http.get(request, known().conditions(request.id()));
            if (!answer.retryAfter().isZero()) {
                gate.close(request.host(), answer.retryAfter(), nanos.getAsLong());
            }
            if (!answer.isUsable()) {
                metrics.asked(answer.retryAfter().isZero() ? "failed" : "limited");
                failed(request.asked() + ": " + answer.problem());
                if (answer.isPassing()) {
                    again.add(request);
                }
                return;
            }
            try {
                if (!take(request, answer)) {
                    return;
                }
                request = source.following(request, known()::newest);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                // A disk that refuses, mostly; the answer was not recorded and is asked for again.
                failed(request.asked() + ": " + e.getMessage());
                again.add(request);
                return;
            }
        }
    }

    /** True when the same is to be asked on. */
    private boolean take(PollRequest request, Answer answer) throws IOException {
        PollRecorder into = recorder;
        if (into == null) {
            throw new IllegalStateException("the memory was not read");
        }
        Key body = Key.of(answer.body());
        PollMemory.Conditions known = known().conditions(request.id());
        if (answer.status() == Answer.NOT_MODIFIED || body.toString().equals(known.body())) {
            metrics.asked("unchanged");
            succeeded(into);
            return false;
        }
        if (body.equals(lastBad.get(request.id()))) {
            metrics.asked("refused");
            failed(request.asked() + ": the same answer again that cannot be taken");
            return false;
        }
        long receiveTime = wall();
        into.begin(receiveTime, request, answer.body());
        boolean more = false;
        BadFrameException bad = null;
        try {
            more = source.decode(request, answer.body(), into);
        } catch (BadFrameException e) {
            bad = e;
        } catch (IOException | UncheckedIOException e) {
            // What is known cannot be read: the bytes are kept, their records come with the next attempt.
            into.rollback();
            into.commit(request, known);
            throw e;
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s: a defect met %s", name, request.asked());
            bad = new BadFrameException(BadFrameException.Reason.INTERNAL_ERROR, e.toString());
        }
        if (bad != null) {
            into.rollback();
            quarantine.put(bad, receiveTime, recordsInAll(), answer.body(), 0, answer.body().length);
            into.commit(request, PollMemory.Conditions.NONE);
            lastBad.put(request.id(), body);
            metrics.asked("refused");
            failed(request.asked() + ": " + bad.getMessage());
            return false;
        }
        long added =
                into.commit(request, new PollMemory.Conditions(answer.etag(), answer.lastModified(), body.toString()));
        gapsRecorded = gaps.sequence();
        lastBad.remove(request.id());
        roundRecords += added;
        if (added > 0) {
            lastData = receiveTime;
        }
        metrics.asked("new");
        succeeded(into);
        return more;
    }

    private void succeeded(PollRecorder into) {
        lastSuccess = wall();
        problem = null;
        if (!connected) {
            connected = true;
            into.commitSession(SessionChange.SESSION_CHANGE_CONNECTED, plan.kind(), lastSuccess);
            LOG.infof("%s: answers", name);
        }
    }

    private void failed(String what) {
        if (stopping.getCount() == 0) {
            return;
        }
        String told = what.length() > 300 ? what.substring(0, 300) : what;
        if (!told.equals(problem)) {
            LOG.warnf("%s: %s", name, told);
        }
        problem = told;
        PollRecorder into = recorder;
        if (connected && into != null) {
            connected = false;
            try {
                into.commitSession(SessionChange.SESSION_CHANGE_DISCONNECTED, told, wall());
            } catch (RuntimeException e) {
                LOG.debugf("%s: the trouble itself could not be recorded: %s", name, e.getMessage());
            }
        }
    }

    private long wall() {
        return Fields.nanos(clock.instant());
    }

    /** True when the source is to stop. */
    private boolean pause(Duration time) throws InterruptedException {
        return stopping.await(Math.max(0, time.toNanos()), TimeUnit.NANOSECONDS);
    }

    public PollStatus status() {
        long since = lastSuccess == 0 ? startedAt : lastSuccess;
        Duration patience = interval.multipliedBy(STALE_ROUNDS).plus(plan.timeout());
        boolean fresh = state != PollStatus.State.STOPPED
                && (lastSuccess != 0 || problem == null)
                && wall() - since < patience.toNanos();
        return new PollStatus(
                name,
                plan.kind(),
                state,
                fresh,
                metrics.requests.get(),
                metrics.records.get(),
                metrics.duplicates.get(),
                metrics.rounded.get(),
                quarantine.count(),
                lastSuccess,
                lastData,
                interval,
                problem);
    }

    /** Events committed since the log is kept, by channel. */
    public Map<String, Long> decoded() {
        Map<String, Long> sum = new TreeMap<>(before);
        metrics.committed().forEach((channel, count) -> sum.merge(channel, count, Long::sum));
        long told = gapsRecorded;
        if (told > 0) {
            sum.merge(Channel.GAPS.label(), told, Long::sum);
        }
        return sum;
    }

    /** Begins to end; does not wait. */
    public void askToStop() {
        stopping.countDown();
        // Never by an interrupt, which could close the log's file under its write.
        http.cancel();
    }

    /** Ends; afterwards the log is nobody's but the store's. */
    public void stop(Duration patience) {
        askToStop();
        try {
            thread.join(Math.max(1, patience.toMillis()));
            if (thread.isAlive()) {
                LOG.warnf("%s: did not stop within %s", name, patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
