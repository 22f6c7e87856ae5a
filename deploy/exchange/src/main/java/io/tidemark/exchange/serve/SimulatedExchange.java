package io.tidemark.exchange.serve;

import io.tidemark.exchange.emission.EmissionStatus;
import io.tidemark.exchange.fault.FaultPlan;
import io.tidemark.exchange.fault.Gate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The server: one port for what the venue speaks and for {@code /admin/status}. */
public final class SimulatedExchange implements AutoCloseable {
    private static final short GOING_AWAY = 1001;
    /** What the edge takes at most; anything shorter is sent in one piece, as a real exchange does. */
    private static final int LARGEST_FRAME = 16 << 20;

    private final HttpServer server;

    /**
     * What {@code /admin/status} says besides the emission.
     *
     * @param venue the venue's name
     * @param mode {@code capture} or {@code market}
     * @param streams names of all streams in the tape
     * @param symbols names of all symbols in the tape
     */
    public record Description(String venue, String mode, List<String> streams, List<String> symbols) {}

    private SimulatedExchange(HttpServer server) {
        this.server = server;
    }

    /** Listens, or fails with one sentence. Port 0 takes a free one. */
    public static SimulatedExchange listen(
            Vertx vertx,
            String host,
            int port,
            VenueEndpoint venue,
            Description description,
            Supplier<EmissionStatus> status,
            FaultPlan faults,
            Runnable wake)
            throws IOException {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setMaxWebSocketFrameSize(LARGEST_FRAME)
                .setMaxWebSocketMessageSize(LARGEST_FRAME)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setSendBufferSize(256 << 10);
        AdminEndpoint admin = new AdminEndpoint(description, status, venue, faults, wake);
        HttpServer server = vertx.createHttpServer(options).requestHandler(request -> {
            if (admin.handle(request) || turnedAway(request, faults.gate()) || venue.handle(request)) {
                return;
            }
            answer(request, 404, "{\"error\":\"nothing is served at this path\"}");
        });
        try {
            server.listen().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("cannot listen on " + host + ":" + port + ": " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting to listen", e);
        } catch (TimeoutException e) {
            throw new IOException("cannot listen on " + host + ":" + port + " within 30 s", e);
        }
        return new SimulatedExchange(server);
    }

    public int port() {
        return server.actualPort();
    }

    /** Answers with JSON. */
    public static void answer(HttpServerRequest request, int code, String json) {
        ignore(request.response()
                .setStatusCode(code)
                .putHeader("Content-Type", "application/json;charset=UTF-8")
                .end(json));
    }

    /** The outcome of a write to a client that may have gone is nobody's business. */
    public static void ignore(Future<?> future) {
        future.onComplete(done -> {});
    }

    /** Answers as the gate says, if it is closed. */
    private static boolean turnedAway(HttpServerRequest request, Gate gate) {
        boolean socket = "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
        Gate.Away away = gate.meets(socket);
        if (away == null) {
            return false;
        }
        if (away.status() == 0) {
            request.toWebSocket()
                    .onSuccess(opened -> ignore(opened.close(GOING_AWAY)))
                    .onFailure(failure -> {});
            return true;
        }
        request.response().putHeader("Retry-After", Long.toString(away.retryAfterSeconds()));
        answer(request, away.status(), "{\"code\":-1003,\"msg\":\"Too many requests\"}");
        return true;
    }

    /** Stops listening and closes what is open. */
    @Override
    public void close() {
        try {
            server.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // It is closed with the process at the latest.
        }
    }
}
