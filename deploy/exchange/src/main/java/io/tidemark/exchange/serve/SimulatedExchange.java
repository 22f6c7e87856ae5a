package io.tidemark.exchange.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.exchange.emission.EmissionStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
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
    private static final ObjectMapper JSON = new ObjectMapper();
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
            Supplier<EmissionStatus> status)
            throws IOException {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setMaxWebSocketFrameSize(LARGEST_FRAME)
                .setMaxWebSocketMessageSize(LARGEST_FRAME)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setSendBufferSize(256 << 10);
        HttpServer server = vertx.createHttpServer(options).requestHandler(request -> {
            if (!request.path().equals("/admin/status")) {
                if (!venue.handle(request)) {
                    answer(request, 404, "{\"error\":\"nothing is served at this path\"}");
                }
            } else if (!request.method().equals(HttpMethod.GET)) {
                answer(request, 405, "{\"error\":\"only GET\"}");
            } else {
                answer(request, 200, json(description, status.get(), venue.restSnapshotsServed()));
            }
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

    private static String json(Description description, EmissionStatus status, long restSnapshots) {
        ObjectNode json = JSON.createObjectNode();
        json.put("venue", description.venue());
        json.put("mode", description.mode());
        json.put("position", status.position());
        json.put("emitted", status.emitted());
        json.put("inserted", status.inserted());
        json.put("withheld", status.withheld());
        json.put("added", status.added());
        json.put("unheard", status.unheard());
        json.put("skipped", status.skipped());
        ObjectNode byStream = json.putObject("by_stream");
        status.byKind().forEach(byStream::put);
        json.put("rest_snapshots_served", restSnapshots);
        json.put("finished", status.finished());
        json.put("seeking", status.seeking());
        json.put("clients", status.clients());
        json.put("base", status.base());
        json.put("time_ns", status.timeNanos());
        description.streams().forEach(json.putArray("streams")::add);
        description.symbols().forEach(json.putArray("symbols")::add);
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers cannot fail to be written", e);
        }
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
