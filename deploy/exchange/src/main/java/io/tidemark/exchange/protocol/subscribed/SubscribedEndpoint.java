package io.tidemark.exchange.protocol.subscribed;

import static io.tidemark.exchange.serve.SimulatedExchange.answer;

import io.tidemark.exchange.emission.Emission;
import io.tidemark.exchange.emission.Frame;
import io.tidemark.exchange.emission.Reel;
import io.tidemark.exchange.serve.Heartbeat;
import io.tidemark.exchange.serve.LoggedFrames;
import io.tidemark.exchange.serve.RequestLimit;
import io.tidemark.exchange.serve.SocketReceiver;
import io.tidemark.exchange.serve.VenueEndpoint;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a venue that is subscribed to by messages. Event loop only.
 *
 * <p>A client subscribes with several messages where a venue wants one for each channel. Nothing is
 * emitted for it until it has been silent for {@link #SETTLED}, so that at full speed the frames of its
 * last channel do not lie behind before it asked for them.
 */
final class SubscribedEndpoint implements VenueEndpoint {
    private static final Duration SETTLED = Duration.ofMillis(500);
    private static final int MOST_SOCKETS = 64;
    private static final int LONGEST_REQUEST = 64 << 10;
    private static final short POLICY = 1008;
    private static final short TRY_LATER = 1013;

    private final Vertx vertx;
    private final Emission<Reel> emission;
    private final InstantSource clock;
    private final Dialect dialect;
    private final Set<String> symbols;
    private final boolean market;
    private final Heartbeat heartbeat;

    SubscribedEndpoint(
            Vertx vertx,
            Emission<Reel> emission,
            InstantSource clock,
            Dialect dialect,
            List<String> symbols,
            boolean market) {
        this.vertx = vertx;
        this.emission = emission;
        this.clock = clock;
        this.dialect = dialect;
        this.symbols = Set.copyOf(symbols);
        this.market = market;
        this.heartbeat = new Heartbeat(vertx);
    }

    @Override
    public long restSnapshotsServed() {
        return 0;
    }

    @Override
    public boolean handle(HttpServerRequest request) {
        if (!dialect.speaksAt(request.path())) {
            return false;
        }
        LoggedFrames logged = LoggedFrames.of(request);
        if (!logged.isValid()) {
            answer(request, 400, "{\"error\":\"" + LoggedFrames.HEADER + " must be a whole number\"}");
        } else if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            answer(request, 426, "{\"error\":\"this path is a WebSocket\"}");
        } else if (heartbeat.size() >= MOST_SOCKETS) {
            answer(request, 503, "{\"error\":\"too many connections\"}");
        } else {
            request.toWebSocket()
                    .onSuccess(socket -> new Connection(socket, request.connection(), logged.value()).open())
                    .onFailure(failure -> {});
        }
        return true;
    }

    private final class Connection {
        private final ServerWebSocket socket;
        private final @Nullable Long logged;
        private final Conversation conversation = dialect.conversation(symbols, market, clock);
        private final RequestLimit limit = new RequestLimit(dialect.requestsPerSecond());
        private final SocketReceiver receiver;
        private final Set<String> awaited = new HashSet<>();
        private Set<String> streams = Set.of();
        private boolean begun;
        private long timer = -1;

        Connection(ServerWebSocket socket, HttpConnection line, @Nullable Long logged) {
            this.socket = socket;
            this.logged = logged;
            Context context = vertx.getOrCreateContext();
            this.receiver = new SocketReceiver(socket, line, context, this::form, emission::wake);
        }

        private String form(Frame frame) {
            return conversation.form(frame);
        }

        void open() {
            socket.textMessageHandler(this::requested);
            socket.exceptionHandler(failure -> {});
            socket.closeHandler(closed -> {
                vertx.cancelTimer(timer);
                heartbeat.remove(receiver);
                emission.leave(receiver);
            });
            heartbeat.add(receiver);
            Duration within = dialect.subscribeWithin();
            if (within != null) {
                timer = vertx.setTimer(within.toMillis(), late -> receiver.close(POLICY, "nothing was subscribed to"));
            }
            if (!emission.join(receiver, Set.of(), logged)) {
                receiver.close(TRY_LATER, "try again later");
            }
        }

        private void requested(String text) {
            if (text.length() > LONGEST_REQUEST || !limit.admits(clock.millis())) {
                receiver.close(POLICY, "too many requests");
                return;
            }
            receiver.heard();
            Conversation.Reply reply = conversation.request(text);
            streams = withControl(reply.streams());
            if (begun) {
                send(streams, reply.asked(), reply.answers());
                return;
            }
            awaited.addAll(reply.asked());
            if (!reply.answers().isEmpty()) {
                send(Set.of(), Set.of(), reply.answers());
            }
            if (!streams.isEmpty()) {
                vertx.cancelTimer(timer);
                timer = vertx.setTimer(SETTLED.toMillis(), settled -> begin());
            }
        }

        private void begin() {
            begun = true;
            send(streams, awaited, List.of());
        }

        private void send(Set<String> wanted, Set<String> asked, List<String> answers) {
            if (!emission.subscribe(receiver, wanted, Set.copyOf(asked), answers)) {
                receiver.close(TRY_LATER, "try again later");
            }
        }

        private Set<String> withControl(Set<String> wanted) {
            if (wanted.isEmpty()) {
                return wanted;
            }
            Set<String> all = new HashSet<>(wanted);
            all.add(Decoded.CONTROL);
            return Set.copyOf(all);
        }
    }
}
