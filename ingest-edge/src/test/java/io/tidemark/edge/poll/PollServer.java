package io.tidemark.edge.poll;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A real server that serves recorded answers and misbehaves as it is told to. */
final class PollServer implements AutoCloseable {
    /** What was asked for. */
    record Asked(String uri, String ifNoneMatch, String ifModifiedSince, String userAgent, long nanos) {}

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Consumer<HttpServerRequest>> paths = new ConcurrentHashMap<>();
    private final Deque<Consumer<HttpServerRequest>> scripted = new ArrayDeque<>();
    private final List<Asked> asked = new ArrayList<>();
    private final HttpServer server;

    PollServer() {
        server = vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    String address() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        Consumer<HttpServerRequest> next;
        synchronized (this) {
            asked.add(new Asked(
                    request.uri(),
                    String.valueOf(request.getHeader("If-None-Match")),
                    String.valueOf(request.getHeader("If-Modified-Since")),
                    String.valueOf(request.getHeader("User-Agent")),
                    System.nanoTime()));
            next = scripted.poll();
        }
        if (next == null) {
            next = paths.getOrDefault(request.path(), PollServer::notFound);
        }
        next.accept(request);
    }

    private static void notFound(HttpServerRequest request) {
        request.response().setStatusCode(404).end("not here");
    }

    synchronized List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** The next requests, whatever they ask, are answered so; one each. */
    synchronized void next(Consumer<HttpServerRequest> answer) {
        scripted.add(answer);
    }

    void at(String path, Consumer<HttpServerRequest> answer) {
        paths.put(path, answer);
    }

    static Consumer<HttpServerRequest> ok(byte[] body) {
        return request -> request.response().end(Buffer.buffer(body));
    }

    static Consumer<HttpServerRequest> ok(String body) {
        return request -> request.response().end(body);
    }

    /** As a server that knows what its clients have. */
    static Consumer<HttpServerRequest> tagged(String etag, byte[] body) {
        return request -> {
            request.response().putHeader("ETag", etag).putHeader("Last-Modified", "Tue, 25 Feb 2025 11:12:39 GMT");
            if (etag.equals(request.getHeader("If-None-Match"))) {
                request.response().setStatusCode(304).end();
            } else {
                request.response().end(Buffer.buffer(body));
            }
        };
    }

    static Consumer<HttpServerRequest> status(int status, String retryAfter) {
        return request -> {
            if (!retryAfter.isEmpty()) {
                request.response().putHeader("Retry-After", retryAfter);
            }
            request.response().setStatusCode(status).end("slow down");
        };
    }

    /** Half of the body, then the connection is gone. */
    static Consumer<HttpServerRequest> cut(byte[] body) {
        return request -> {
            request.response().putHeader("Content-Length", Integer.toString(body.length));
            request.response()
                    .write(Buffer.buffer(body).slice(0, body.length / 2))
                    .onComplete(done -> request.connection().close());
        };
    }

    /** Never. */
    static void hang(HttpServerRequest request) {}

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
