package io.tidemark.exchange.protocol.binance;

import static io.tidemark.exchange.serve.SimulatedExchange.answer;
import static io.tidemark.exchange.serve.SimulatedExchange.ignore;

import io.tidemark.exchange.emission.Emission;
import io.tidemark.exchange.emission.Frame;
import io.tidemark.exchange.serve.Heartbeat;
import io.tidemark.exchange.serve.LoggedFrames;
import io.tidemark.exchange.serve.RequestLimit;
import io.tidemark.exchange.serve.SocketReceiver;
import io.tidemark.exchange.serve.VenueEndpoint;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Binance spot's market data endpoints (source: Binance spot API documentation, {@code
 * web-socket-streams.md} and {@code rest-api.md}): {@code /stream?streams=a/b}, {@code /ws/a/b}, {@code
 * /api/v3/depth|ping|time} and the older {@code /api/v1/depth} of Binance.US; for futures {@code
 * /fapi/v1/...}, see {@link Flavor}.
 *
 * <p>A client that sends {@link LoggedFrames} on the upgrade is continued at that frame; see {@link
 * Emission}.
 */
final class BinanceEndpoint implements VenueEndpoint {
    /** Marks a book that may hold stale levels because the recording has a hole there. */
    static final String AFTER_HOLE = "Tidemark-Book-After-Hole";

    private static final int MOST_SOCKETS = 64;
    private static final int LONGEST_REQUEST = 64 << 10;

    private static final short POLICY = 1008;
    private static final short TRY_LATER = 1013;

    private final Vertx vertx;
    private final Flavor flavor;
    private final Emission<BinanceReel> emission;
    private final InstantSource clock;
    private final Heartbeat heartbeat;
    private final AtomicLong restSnapshots = new AtomicLong();

    BinanceEndpoint(Vertx vertx, Emission<BinanceReel> emission, InstantSource clock, Flavor flavor) {
        this.flavor = flavor;
        this.vertx = vertx;
        this.emission = emission;
        this.clock = clock;
        this.heartbeat = new Heartbeat(vertx);
    }

    @Override
    public long restSnapshotsServed() {
        return restSnapshots.get();
    }

    @Override
    public boolean handle(HttpServerRequest request) {
        String path = flavor.socketPath(request.path());
        if (path.equals("/stream")) {
            socket(request, split(request.getParam("streams")), true);
            return true;
        }
        if (path.equals("/ws") || path.startsWith("/ws/")) {
            socket(request, split(path.substring(3)), false);
            return true;
        }
        String call = flavor.call(path);
        if (call.isEmpty()) {
            return false;
        }
        if (!request.method().equals(HttpMethod.GET)) {
            refuse(request, 405, -1000, "Only GET is served.");
            return true;
        }
        switch (call) {
            case "/ping" -> answer(request, 200, "{}");
            case "/time" -> answer(request, 200, "{\"serverTime\":" + venueMillis() + "}");
            case "/depth" -> depth(request);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The venue's clock is that of what it emits; before the first frame there is only ours. */
    private long venueMillis() {
        long nanos = emission.status().timeNanos();
        return nanos == 0 ? clock.millis() : TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static List<String> split(@Nullable String names) {
        return names == null
                ? List.of()
                : Arrays.stream(names.split("/", -1))
                        .filter(name -> !name.isEmpty())
                        .toList();
    }

    private void socket(HttpServerRequest request, List<String> streams, boolean combined) {
        LoggedFrames logged = LoggedFrames.of(request);
        if (!logged.isValid()) {
            refuse(request, 400, -1100, LoggedFrames.HEADER + " must be a whole number.");
            return;
        }
        if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            refuse(request, 426, -1000, "This path is a WebSocket.");
            return;
        }
        if (streams.size() > Subscriptions.MOST_STREAMS) {
            refuse(request, 400, -1000, "More than " + Subscriptions.MOST_STREAMS + " streams.");
            return;
        }
        if (heartbeat.size() >= MOST_SOCKETS) {
            refuse(request, 503, -1000, "Too many connections.");
            return;
        }
        request.toWebSocket()
                .onSuccess(socket ->
                        connected(socket, request.connection(), new Subscriptions(streams, combined), logged.value()))
                .onFailure(failure -> {});
    }

    private void connected(
            ServerWebSocket socket, HttpConnection line, Subscriptions subscriptions, @Nullable Long logged) {
        Context context = vertx.getOrCreateContext();
        SocketReceiver receiver = new SocketReceiver(
                socket, line, context, frame -> form(frame, subscriptions.combined()), emission::wake);
        RequestLimit limit = new RequestLimit(flavor.requestsPerSecond);
        socket.textMessageHandler(text -> {
            if (text.length() > LONGEST_REQUEST || !limit.admits(clock.millis())) {
                receiver.close(POLICY, "Too many requests");
                return;
            }
            receiver.heard();
            String answer = subscriptions.request(text);
            if (!emission.subscribe(receiver, subscriptions.names(), Set.of(), List.of(answer))) {
                receiver.close(TRY_LATER, "try again later");
            }
        });
        socket.exceptionHandler(failure -> {});
        socket.closeHandler(closed -> {
            heartbeat.remove(receiver);
            emission.leave(receiver);
        });
        heartbeat.add(receiver);
        if (!emission.join(receiver, subscriptions.names(), logged)) {
            receiver.close(TRY_LATER, "try again later");
        }
    }

    private static String form(Frame frame, boolean combined) {
        return combined || frame.isAnswer() ? frame.text() : Message.data(frame.text());
    }

    private void depth(HttpServerRequest request) {
        String symbol = request.getParam("symbol");
        if (symbol == null || symbol.isEmpty()) {
            refuse(request, 400, -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
            return;
        }
        String limit = request.getParam("limit");
        if (limit != null && !limit.matches("[1-9]\\d{0,8}")) {
            refuse(
                    request,
                    400,
                    -1100,
                    "Illegal characters found in parameter 'limit'; legal range is '^[0-9]{1,20}$'.");
            return;
        }
        int levels = limit == null ? flavor.defaultLevels : Math.min(flavor.mostLevels, Integer.parseInt(limit));
        String name = Symbols.normal(symbol);
        Context context = vertx.getOrCreateContext();
        emission.ask(reel -> reel.depth(name, levels))
                .whenComplete((answer, failure) -> context.runOnContext(none -> {
                    if (answer == null) {
                        refuse(request, 503, -1008, "Server is currently overloaded. Please try again later.");
                    } else {
                        depth(request, name, answer);
                    }
                }));
    }

    private void depth(HttpServerRequest request, String symbol, DepthAnswer answer) {
        if (answer instanceof DepthAnswer.Book book) {
            restSnapshots.incrementAndGet();
            if (book.afterHole()) {
                request.response().putHeader(AFTER_HOLE, "true");
            }
            answer(request, 200, book.json());
        } else if (answer instanceof DepthAnswer.NoSnapshot) {
            refuse(request, 404, -1000, "The recording holds no depth snapshot of " + symbol + ".");
        } else {
            refuse(request, 400, -1121, "Invalid symbol.");
        }
    }

    private static void refuse(HttpServerRequest request, int status, int code, String message) {
        ignore(request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json;charset=UTF-8")
                .end("{\"code\":" + code + ",\"msg\":\"" + message + "\"}"));
    }
}
