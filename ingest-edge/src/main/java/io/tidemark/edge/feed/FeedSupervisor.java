package io.tidemark.edge.feed;

import io.tidemark.contracts.proto.FrameKind;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.edge.log.Journal;
import io.tidemark.edge.log.LogUnavailableException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one source connected and hands its messages to {@link FrameIntake} in order.
 *
 * <p>Each feed has its own event loop, so that a source that hangs, floods or sends rubbish takes no other's
 * time. All fields but the volatile ones belong to that thread. A log that cannot be written makes this feed wait, and no other.
 */
public final class FeedSupervisor implements FeedConnection.Owner, StandingLink.Owner {
    private static final Logger LOG = Logger.getLogger(FeedSupervisor.class);

    /** The number of frames in the log, told to a source that continues exactly there. */
    public static final String LOGGED_FRAMES = "Tidemark-Logged-Frames";

    /** A finite source closes with this when it has no more. */
    static final int END_OF_RECORDING = 4001;

    private static final long TICK_MILLIS = 250;
    private static final long LOG_PAUSE_MILLIS = 1000;
    private static final Duration CLOSING = Duration.ofSeconds(2);
    /** Between attempts to open the younger connection of a handover. */
    private static final long HANDOVER_PAUSE = Duration.ofMinutes(1).toNanos();
    /** Looks at the clocks of all streams come every so many ticks. */
    private static final int STREAM_LOOKS = 20;

    private final String name;
    private final FeedSettings settings;
    private final Vertx vertx;
    private final Context context;
    private final Venue venue;
    private final FrameIntake intake;
    private final Quarantine quarantine;
    private final FeedMetrics metrics;
    private final LongSupplier monotonic;
    private final Backoff backoff;
    private final WebSocketClient sockets;
    private final RestCalls rest;
    private final int maxFrame;
    private final long maxAge;

    private volatile FeedState state = FeedState.WAITING;
    private final AtomicLong reconnects = new AtomicLong();
    private final AtomicLong handovers = new AtomicLong();
    private volatile @Nullable String problem;
    private volatile boolean mute;
    private final StreamWatch streams;

    private @Nullable FeedConnection current;
    private @Nullable Handover handover;
    private long handoverTriedAt;
    private boolean stopping;
    private boolean waitingForLog;
    private final FrameRate frameRate = new FrameRate(TICK_MILLIS);
    private @Nullable String held;
    private boolean thin;
    private boolean thinTold;
    private @Nullable GapReason gapAhead;
    private String gapDetail = "";
    private long tickTimer;
    private int ticks;

    public FeedSupervisor(
            String name,
            FeedSettings settings,
            VenuePlan plan,
            Vertx vertx,
            Venue venue,
            Journal journal,
            EventRecorder recorder,
            TradeListener listener,
            Quarantine quarantine,
            FeedMetrics metrics,
            InstantSource clock,
            LongSupplier monotonic,
            RandomGenerator random) {
        this.name = name;
        this.settings = settings;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.venue = venue;
        this.intake = new FrameIntake(journal, recorder, venue, listener, quarantine, clock, monotonic);
        this.quarantine = quarantine;
        this.metrics = metrics;
        this.monotonic = monotonic;
        this.backoff = new Backoff(settings.reconnectDelay(), random);
        this.maxFrame = Math.toIntExact(settings.maxFrameSize().asLongValue());
        this.maxAge = settings.connectionMaxAge()
                .or(plan::connectionMaxAge)
                .map(Duration::toNanos)
                .orElse(0L);
        this.sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxFrameSize(maxFrame)
                .setMaxMessageSize(maxFrame)
                .setClosingTimeout((int) CLOSING.toSeconds())
                .setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis())));
        this.streams = new StreamWatch(name, recorder.clocks(), settings.dataTimeout());
        this.rest = new RestCalls(vertx, plan.restAddress(), settings.connectTimeout(), maxFrame);
        metrics.watch(this);
    }

    public FeedStatus status() {
        boolean fresh =
                state == FeedState.ENDED || (state == FeedState.CONNECTED && !mute && intake.lastDataTime() != 0);
        return new FeedStatus(
                name,
                state,
                intake.frames(),
                quarantine.count(),
                reconnects.get(),
                handovers.get(),
                intake.recorder().bookChecksPassed(),
                intake.recorder().bookChecksFailed(),
                fresh,
                intake.lastFrameTime(),
                intake.lastDataTime(),
                frameRate.perSecond(),
                instruments(),
                streams.stale(),
                problem);
    }

    private Map<String, Long> instruments() {
        Map<String, Long> events = new TreeMap<>();
        intake.recorder().clocks().forEach(clock -> events.merge(clock.symbol(), clock.count(), Long::sum));
        return events;
    }

    /** Notes the edge's start and opens the first connection. */
    public void start() {
        context.runOnContext(none -> guarded(() -> {
            intake.session(SessionChange.SESSION_CHANGE_EDGE_STARTED, "");
            tickTimer = vertx.setPeriodic(TICK_MILLIS, id -> guarded(this::tick));
            connect();
        }));
    }

    /** Asks for other instruments or streams from now on, on the standing connection. Any thread. */
    public void change(VenuePlan plan, String detail) {
        context.runOnContext(none -> guarded(() -> {
            if (stopping) {
                return;
            }
            // A younger connection was opened for what was asked for before.
            abandonHandover();
            venue.change(plan);
            intake.session(SessionChange.SESSION_CHANGE_SUBSCRIBED, detail);
            LOG.infof("%s: %s", name, detail);
        }));
    }

    /** Closes the connection and whatever is open, and notes the stop; nothing is recorded afterwards. */
    public Future<Void> stop() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(none -> {
            guarded(() -> {
                if (stopping) {
                    return;
                }
                stopping = true;
                vertx.cancelTimer(tickTimer);
                boolean finished = state == FeedState.ENDED || state == FeedState.STOPPED;
                abandonHandover();
                if (dropConnection(1000)) {
                    intake.session(SessionChange.SESSION_CHANGE_DISCONNECTED, "the edge stops");
                }
                intake.close(SessionChange.SESSION_CHANGE_EDGE_STOPPED, "");
                if (!finished) {
                    state = FeedState.STOPPED;
                }
            });
            done.complete();
        });
        return done.future();
    }

    /** Puts a session event into the source's data. Any thread. */
    public void note(SessionChange change, String detail) {
        context.runOnContext(none -> guarded(() -> {
            if (!stopping && !waitingForLog) {
                intake.session(change, detail);
            }
        }));
    }

    /** From now on, or no longer, raw frames and book depth are left out of the record. Any thread. */
    public void thin(boolean on, String detail) {
        context.runOnContext(none -> guarded(() -> {
            // A source that continues where the log ends counts on every frame.
            if (stopping || settings.resume() || thin == on) {
                return;
            }
            thin = on;
            if (!waitingForLog) {
                intake.thin(on, detail);
                thinTold = on;
            }
        }));
    }

    /** Reads nothing until {@link #release}: recorded, and said loudly. Any thread. */
    public void hold(String why) {
        context.runOnContext(none -> guarded(() -> {
            if (stopping || held != null || state == FeedState.ENDED || state == FeedState.STOPPED) {
                return;
            }
            held = why;
            problem = why;
            LOG.errorf("%s: not recorded from now on: %s", name, why);
            abandonHandover();
            dropConnection(1001);
            state = FeedState.WAITING;
            if (!waitingForLog) {
                intake.refusal(why);
            }
        }));
    }

    /** The end of {@link #hold}. Any thread. */
    public void release(String why) {
        context.runOnContext(none -> guarded(() -> {
            if (stopping || held == null) {
                return;
            }
            held = null;
            if (!waitingForLog) {
                recordedAgain(why);
            }
        }));
    }

    private void recordedAgain(String why) {
        if (settings.resume()) {
            intake.session(SessionChange.SESSION_CHANGE_DISCONNECTED, why);
        } else {
            intake.gap(GapReason.GAP_REASON_DISK, why);
        }
        waitingForLog = false;
        gapAhead = null;
        problem = null;
        LOG.infof("%s: recorded again: %s", name, why);
        connect();
    }

    /** The disk refuses: what was promised is kept in memory, and nothing more is read until it can be written. */
    private void waitForLog(LogUnavailableException failure) {
        if (!waitingForLog) {
            waitingForLog = true;
            LOG.errorf("%s: waits until its log can be written: %s", name, describe(failure));
            abandonHandover();
            dropConnection(1013);
            state = FeedState.WAITING;
        }
        problem = describe(failure);
        vertx.setTimer(LOG_PAUSE_MILLIS, id -> guarded(this::tryLog));
    }

    private void tryLog() {
        if (stopping || !waitingForLog) {
            return;
        }
        if (thinTold != thin) {
            intake.thin(thin, "raw frames and book depth, for want of disk");
            thinTold = thin;
        }
        String why = held;
        if (why == null) {
            // Throws when the log still cannot be written, and then this is tried again.
            recordedAgain("the log could not be written");
        } else {
            intake.refusal(why);
            waitingForLog = false;
        }
    }

    private void connect() {
        if (stopping || waitingForLog || held != null) {
            return;
        }
        state = FeedState.CONNECTING;
        current = attempt();
    }

    private FeedConnection attempt() {
        FeedConnection connection = new FeedConnection(
                this, maxFrame, new LivenessWatch(settings.transportTimeout(), settings.dataTimeout()));
        WebSocketConnectOptions options = new WebSocketConnectOptions();
        options.setAbsoluteURI(venue.address());
        options.setTimeout(settings.connectTimeout().toMillis());
        if (settings.resume()) {
            // Everything that was delivered has been committed: frames are handled where they arrive.
            options.putHeader(LOGGED_FRAMES, Long.toString(intake.frames()));
        }
        connection.connect(sockets, options);
        return connection;
    }

    @Override
    public void opened(FeedConnection connection) {
        if (connection != current) {
            return;
        }
        state = FeedState.CONNECTED;
        LOG.infof("%s: connected to %s", name, shortAddress());
        takePlace(connection, shortAddress());
    }

    private void takePlace(FeedConnection connection, String detail) {
        mute = false;
        streams.rest(monotonic.getAsLong());
        intake.session(SessionChange.SESSION_CHANGE_CONNECTED, detail);
        venue.opened(new StandingLink(this, connection, rest, vertx));
    }

    @Override
    public void message(FeedConnection connection, FrameKind kind, byte[] bytes, int length) {
        Handover waiting = handover;
        if (waiting != null && connection == waiting.younger()) {
            waiting.hold(kind, bytes, length, intake.now(), monotonic.getAsLong());
            return;
        }
        if (connection != current) {
            return;
        }
        GapReason reason = gapAhead;
        if (reason != null) {
            gapAhead = null;
            intake.gap(reason, gapDetail);
        }
        metrics.frame(length);
        if (intake.frame(kind, bytes, 0, length)) {
            connection.watch.data(monotonic.getAsLong());
            mute = false;
            problem = null;
        }
    }

    @Override
    public void refused(FeedConnection connection, Throwable failure) {
        Handover waiting = handover;
        if (waiting != null && connection == waiting.younger()) {
            LOG.infof("%s: no younger connection yet: %s", name, describe(failure));
            handover = null;
            return;
        }
        if (connection != current) {
            return;
        }
        current = null;
        problem = describe(failure);
        Duration atLeast = Duration.ZERO;
        if (failure instanceof UpgradeRejectedException rejected) {
            atLeast = RetryAfter.of(rejected.getStatus(), rejected.getHeaders());
        }
        LOG.infof("%s: no connection: %s", name, problem);
        retry(atLeast);
    }

    @Override
    public void closed(FeedConnection connection, @Nullable Short code, String detail) {
        Handover waiting = handover;
        if (waiting != null && connection == waiting.younger()) {
            LOG.infof("%s: the younger connection was lost: %s", name, detail);
            handover = null;
            return;
        }
        if (connection != current) {
            return;
        }
        if (settings.finite() && code != null && code == END_OF_RECORDING) {
            forgetConnection();
            problem = null;
            intake.close(SessionChange.SESSION_CHANGE_ENDED, detail);
            // Last: who sees it relies on everything being recorded.
            state = FeedState.ENDED;
            LOG.infof("%s: the source has ended after %d frames", name, intake.frames());
            return;
        }
        lost(connection, GapReason.GAP_REASON_DISCONNECT, detail, 1000);
    }

    /** The connection stood and is of no use any more. */
    private void lost(FeedConnection connection, GapReason reason, String detail, int closeCode) {
        backoff.stood(Duration.ofNanos(monotonic.getAsLong() - connection.openedAt()));
        connection.leave(closeCode);
        forgetConnection();
        intake.session(SessionChange.SESSION_CHANGE_DISCONNECTED, detail);
        problem = detail;
        LOG.infof("%s: connection lost: %s", name, detail);
        Handover waiting = handover;
        if (waiting != null && waiting.younger().isOpen()) {
            intake.gap(reason, detail);
            takeOver(waiting);
            return;
        }
        abandonHandover();
        if (!settings.resume()) {
            gapAhead = reason;
            gapDetail = detail;
        }
        retry(Duration.ZERO);
    }

    private void forgetConnection() {
        current = null;
        venue.closed();
    }

    /** Whether there was one that stood. */
    private boolean dropConnection(int code) {
        FeedConnection old = current;
        if (old == null) {
            return false;
        }
        boolean stood = old.isOpen();
        old.leave(code);
        current = null;
        if (stood) {
            venue.closed();
        }
        return stood;
    }

    private void retry(Duration atLeast) {
        if (stopping) {
            return;
        }
        boolean exhausted =
                settings.maxReconnectAttempts() >= 0 && backoff.failures() >= settings.maxReconnectAttempts();
        if (!settings.autoReconnect() || exhausted) {
            LOG.errorf(
                    "%s: not connecting again (%s): %s",
                    name, exhausted ? "max-reconnect-attempts" : "auto-reconnect is off", problem);
            intake.close(SessionChange.SESSION_CHANGE_ENDED, "gave up: " + problem);
            state = FeedState.STOPPED;
            return;
        }
        state = FeedState.WAITING;
        reconnects.incrementAndGet();
        metrics.reconnect();
        Duration wait = backoff.next();
        if (wait.compareTo(atLeast) < 0) {
            wait = atLeast;
        }
        if (wait.isZero()) {
            context.runOnContext(none -> guarded(this::connect));
        } else {
            vertx.setTimer(wait.toMillis(), id -> guarded(this::connect));
        }
    }

    private void tick() {
        frameRate.tick(intake.frames());
        if (stopping || waitingForLog || state == FeedState.STOPPED || state == FeedState.ENDED) {
            return;
        }
        intake.tick();
        FeedConnection open = current;
        if (open == null || !open.isOpen()) {
            return;
        }
        long now = monotonic.getAsLong();
        switch (open.watch.check(now)) {
            case ALIVE -> {
                lookAtAge(open, now);
                if (++ticks % STREAM_LOOKS == 0) {
                    String silent = streams.look(now);
                    if (silent != null && !settings.resume()) {
                        lost(open, GapReason.GAP_REASON_STALE, silent + " fell silent while others flow", 1000);
                    }
                }
            }
            case ASK -> open.ping();
            case SILENT -> giveUp(open, "no byte for " + settings.transportTimeout());
            case MUTE -> giveUp(open, "connected, but no data for " + open.watch.silence(now));
        }
    }

    private void giveUp(FeedConnection open, String detail) {
        mute = true;
        lost(open, GapReason.GAP_REASON_STALE, detail, 1001);
    }

    /** Before the venue closes a connection for its age, a younger one takes its place. */
    private void lookAtAge(FeedConnection open, long now) {
        Handover waiting = handover;
        if (waiting != null) {
            if (waiting.isDue(now)) {
                LOG.infof("%s: a younger connection takes over", name);
                open.leave(1000);
                forgetConnection();
                intake.session(SessionChange.SESSION_CHANGE_DISCONNECTED, "a younger connection takes over");
                takeOver(waiting);
            }
        } else if (maxAge > 0
                && !settings.resume()
                && now - open.openedAt() > maxAge
                && (handoverTriedAt == 0 || now - handoverTriedAt > HANDOVER_PAUSE)) {
            handoverTriedAt = now;
            handover = new Handover(attempt(), settings.handoverOverlap().toNanos());
        }
    }

    private void takeOver(Handover waiting) {
        handover = null;
        FeedConnection younger = waiting.younger();
        current = younger;
        state = FeedState.CONNECTED;
        handovers.incrementAndGet();
        takePlace(younger, shortAddress() + " (overlapping)");
        waiting.release(held -> {
            metrics.frame(held.bytes().length);
            if (intake.overlapping(held)) {
                younger.watch.data(monotonic.getAsLong());
            }
        });
    }

    private void abandonHandover() {
        Handover waiting = handover;
        if (waiting != null) {
            handover = null;
            waiting.younger().leave(1000);
        }
    }

    /** A log that cannot be written is waited for; any other failure stops this source, loudly, and no other. */
    @Override
    public void guarded(Runnable work) {
        try {
            work.run();
        } catch (LogUnavailableException e) {
            if (!stopping) {
                waitForLog(e);
                return;
            }
            LOG.errorf("%s: its end could not be recorded: %s", name, describe(e));
            problem = describe(e);
            state = FeedState.STOPPED;
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s: stopped, because its events cannot be recorded", name);
            problem = describe(e);
            state = FeedState.STOPPED;
            stopping = true;
            vertx.cancelTimer(tickTimer);
            abandonHandover();
            dropConnection(1011);
        } catch (OutOfMemoryError e) {
            LOG.errorf("%s: the heap is too small for what came; the connection is given up", name);
            FeedConnection open = current;
            if (open != null && open.isOpen() && !stopping) {
                // What did not fit is missing: a gap event says so, and a source that resumes sends it again.
                lost(open, GapReason.GAP_REASON_DISCONNECT, "the heap was too small for a message", 1011);
            }
        }
    }

    @Override
    public long monotonic() {
        return monotonic.getAsLong();
    }

    private String shortAddress() {
        String address = venue.address();
        int query = address.indexOf('?');
        return query < 0 ? address : address.substring(0, query);
    }

    static String describe(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    @Override
    public boolean stands(FeedConnection connection) {
        return connection == current && !stopping;
    }

    @Override
    public void answered(Instrument instrument, String request, byte[] body, VenueLink.RestListener listener) {
        intake.answer(instrument, request, body, body.length, listener);
    }

    @Override
    public void renew(FeedConnection connection, GapReason reason, String detail) {
        // Not at once: the venue is within a message now.
        context.runOnContext(none -> guarded(() -> {
            if (stands(connection)) {
                lost(connection, reason, detail, 1000);
            }
        }));
    }
}
