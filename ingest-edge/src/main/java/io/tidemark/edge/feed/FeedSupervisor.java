package io.tidemark.edge.feed;

import io.tidemark.contracts.proto.FrameKind;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.edge.log.Journal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one source connected and hands its messages to {@link FrameIntake} in order.
 *
 * <p>Each feed has its own event loop, so that a source that hangs, floods or sends rubbish takes no other's
 * time. All fields but the volatile ones belong to that thread. Each connection has a number; whatever still
 * arrives of an older one is ignored. A failure of the log stops this feed and no other.
 */
public final class FeedSupervisor {
    private static final Logger LOG = Logger.getLogger(FeedSupervisor.class);

    /** The number of frames in the log, told to a source that continues exactly there. */
    public static final String LOGGED_FRAMES = "Tidemark-Logged-Frames";

    /** A finite source closes with this when it has no more. */
    static final int END_OF_RECORDING = 4001;

    private static final int FETCH = 32;
    private static final long TICK_MILLIS = 250;
    private static final Duration CLOSING = Duration.ofSeconds(2);

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
    private final FrameAssembly assembly;
    private final LivenessWatch watch;

    private volatile FeedState state = FeedState.WAITING;
    private final AtomicLong reconnects = new AtomicLong();
    private volatile @Nullable String problem;
    private volatile boolean mute;

    private long connection;
    private @Nullable WebSocket socket;
    private @Nullable String socketFailure;
    private long connectedAt;
    private boolean stopping;
    private @Nullable GapReason gapAhead;
    private String gapDetail = "";
    private long tickTimer;

    public FeedSupervisor(
            String name,
            FeedSettings settings,
            String restAddress,
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
        this.intake = new FrameIntake(journal, recorder, venue, listener, quarantine, clock);
        this.quarantine = quarantine;
        this.metrics = metrics;
        this.monotonic = monotonic;
        this.backoff = new Backoff(settings.reconnectDelay(), random);
        int maxFrame = Math.toIntExact(settings.maxFrameSize().asLongValue());
        this.sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxFrameSize(maxFrame)
                .setMaxMessageSize(maxFrame)
                .setClosingTimeout((int) CLOSING.toSeconds())
                .setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis())));
        this.rest = new RestCalls(vertx, restAddress, settings.connectTimeout(), maxFrame);
        this.assembly = new FrameAssembly(maxFrame);
        this.watch = new LivenessWatch(settings.transportTimeout(), settings.dataTimeout());
        metrics.watch(this);
    }

    public FeedStatus status() {
        boolean fresh =
                state == FeedState.ENDED || (state == FeedState.CONNECTED && !mute && intake.lastFrameTime() != 0);
        return new FeedStatus(
                name,
                state,
                intake.frames(),
                quarantine.count(),
                reconnects.get(),
                intake.recorder().bookChecksPassed(),
                intake.recorder().bookChecksFailed(),
                fresh,
                intake.lastFrameTime(),
                problem);
    }

    /** Notes the edge's start and opens the first connection. */
    public void start() {
        context.runOnContext(none -> guarded(() -> {
            intake.session(SessionChange.SESSION_CHANGE_EDGE_STARTED, "");
            tickTimer = vertx.setPeriodic(TICK_MILLIS, id -> guarded(this::tick));
            connect();
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
                WebSocket open = dropConnection();
                if (open != null) {
                    intake.session(SessionChange.SESSION_CHANGE_DISCONNECTED, "the edge stops");
                    closeQuietly(open, (short) 1000);
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

    private void connect() {
        if (stopping) {
            return;
        }
        state = FeedState.CONNECTING;
        long number = ++connection;
        assembly.reset();
        socketFailure = null;
        WebSocketConnectOptions options = new WebSocketConnectOptions();
        options.setAbsoluteURI(venue.address());
        options.setTimeout(settings.connectTimeout().toMillis());
        if (settings.resume()) {
            // Everything that was delivered has been committed: frames are handled where they arrive.
            options.putHeader(LOGGED_FRAMES, Long.toString(intake.frames()));
        }
        ClientWebSocket attempt = sockets.webSocket();
        attempt.frameHandler(frame -> guarded(() -> received(number, attempt, frame)));
        attempt.closeHandler(none -> guarded(() -> closed(number, attempt)));
        attempt.exceptionHandler(failure -> {
            if (number == connection) {
                socketFailure = describe(failure);
            }
        });
        attempt.connect(options)
                .onComplete(result -> guarded(() -> {
                    if (number != connection) {
                        if (result.succeeded()) {
                            closeQuietly(result.result(), (short) 1000);
                        }
                    } else if (result.succeeded()) {
                        opened(number, attempt);
                    } else {
                        refused(result.cause());
                    }
                }));
    }

    private void opened(long number, WebSocket open) {
        if (socket != null) {
            return;
        }
        open.pause();
        open.fetch(FETCH);
        socket = open;
        connectedAt = monotonic.getAsLong();
        watch.connected(connectedAt);
        mute = false;
        state = FeedState.CONNECTED;
        LOG.infof("%s: connected to %s", name, shortAddress());
        intake.session(SessionChange.SESSION_CHANGE_CONNECTED, shortAddress());
        venue.opened(new Link(number));
    }

    private void received(long number, WebSocket from, WebSocketFrame frame) {
        if (number != connection) {
            return;
        }
        if (socket == null) {
            opened(number, from);
        }
        watch.heard(monotonic.getAsLong());
        if (assembly.add(frame)) {
            if (gapAhead != null) {
                GapReason reason = gapAhead;
                gapAhead = null;
                intake.gap(reason, gapDetail);
            }
            watch.data(monotonic.getAsLong());
            mute = false;
            problem = null;
            metrics.frame(assembly.length());
            intake.frame(
                    assembly.isText() ? FrameKind.FRAME_KIND_TEXT : FrameKind.FRAME_KIND_BINARY,
                    assembly.bytes(),
                    0,
                    assembly.length());
            assembly.reset();
        }
        from.fetch(1);
    }

    private void refused(Throwable failure) {
        connection++;
        problem = describe(failure);
        Duration atLeast = Duration.ZERO;
        if (failure instanceof UpgradeRejectedException rejected) {
            atLeast = RetryAfter.of(rejected.getStatus(), rejected.getHeaders());
        }
        LOG.infof("%s: no connection: %s", name, problem);
        retry(atLeast);
    }

    private void closed(long number, WebSocket gone) {
        if (number != connection) {
            return;
        }
        Short code = gone.closeStatusCode();
        String reason = gone.closeReason();
        String detail = code == null ? "closed" : "closed with " + code + (reason == null ? "" : " " + reason);
        if (settings.finite() && code != null && code == END_OF_RECORDING) {
            dropConnection();
            problem = null;
            intake.close(SessionChange.SESSION_CHANGE_ENDED, detail);
            // Last: who sees it relies on everything being recorded.
            state = FeedState.ENDED;
            LOG.infof("%s: the source has ended after %d frames", name, intake.frames());
            return;
        }
        lost(GapReason.GAP_REASON_DISCONNECT, socketFailure == null ? detail : detail + ", " + socketFailure);
    }

    private void lost(GapReason reason, String detail) {
        boolean stood = socket != null;
        dropConnection();
        if (stood) {
            backoff.stood(Duration.ofNanos(monotonic.getAsLong() - connectedAt));
            intake.session(SessionChange.SESSION_CHANGE_DISCONNECTED, detail);
            if (!settings.resume()) {
                gapAhead = reason;
                gapDetail = detail;
            }
        }
        problem = detail;
        LOG.infof("%s: connection lost: %s", name, detail);
        retry(Duration.ZERO);
    }

    /** Forgets the connection, so that nothing that still arrives of it is taken. */
    private @Nullable WebSocket dropConnection() {
        WebSocket open = socket;
        connection++;
        socket = null;
        assembly.reset();
        if (open != null) {
            venue.closed();
        }
        return open;
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
        if (stopping || state == FeedState.STOPPED || state == FeedState.ENDED) {
            return;
        }
        intake.tick();
        WebSocket open = socket;
        if (open == null) {
            return;
        }
        switch (watch.check(monotonic.getAsLong())) {
            case ALIVE -> {}
            case ASK ->
                open.writePing(io.vertx.core.buffer.Buffer.buffer("tidemark")).onFailure(failure -> {});
            case SILENT -> giveUp(open, "no byte for " + settings.transportTimeout());
            case MUTE -> giveUp(open, "connected, but no data for " + watch.silence(monotonic.getAsLong()));
        }
    }

    private void giveUp(WebSocket open, String detail) {
        mute = true;
        lost(GapReason.GAP_REASON_STALE, detail);
        closeQuietly(open, (short) 1001);
    }

    private static void closeQuietly(WebSocket open, short code) {
        // The other side may be gone; the closing timeout of the client frees the socket then.
        open.resume();
        open.close(code).onFailure(failure -> LOG.debugf("closing: %s", failure.getMessage()));
    }

    /** A failure here means that the log cannot be written: this source stops, loudly, and no other. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.errorf(e, "%s: stopped, because its events cannot be recorded", name);
            problem = describe(e);
            state = FeedState.STOPPED;
            stopping = true;
            vertx.cancelTimer(tickTimer);
            WebSocket open = dropConnection();
            if (open != null) {
                closeQuietly(open, (short) 1011);
            }
        }
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

    /** What the venue may do while connection {@code number} stands. */
    private final class Link implements VenueLink {
        private final long number;

        private Link(long number) {
            this.number = number;
        }

        @Override
        public void get(Instrument instrument, String pathAndQuery, RestListener listener) {
            rest.get(
                    pathAndQuery,
                    body -> guarded(() -> {
                        if (number == connection) {
                            intake.answer(instrument, pathAndQuery, body, body.length, listener);
                        }
                    }),
                    failure -> guarded(() -> {
                        if (number == connection) {
                            listener.failed(failure);
                        }
                    }));
        }

        @Override
        public void send(String text) {
            WebSocket open = socket;
            if (number == connection && open != null) {
                // A failure closes the connection, which is noticed there.
                open.writeTextMessage(text).onFailure(failure -> LOG.debugf("sending: %s", failure.getMessage()));
            }
        }

        @Override
        public void renew(GapReason reason, String detail) {
            // Not at once: the venue is within a message now.
            context.runOnContext(none -> guarded(() -> {
                WebSocket open = socket;
                if (number == connection && open != null) {
                    lost(reason, detail);
                    closeQuietly(open, (short) 1000);
                }
            }));
        }

        @Override
        public void after(Duration delay, Runnable task) {
            vertx.setTimer(
                    Math.max(1, delay.toMillis()),
                    id -> guarded(() -> {
                        if (number == connection) {
                            task.run();
                        }
                    }));
        }
    }
}
