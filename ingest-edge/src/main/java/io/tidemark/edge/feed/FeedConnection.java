package io.tidemark.edge.feed;

import io.tidemark.contracts.proto.FrameKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of a feed, from the attempt to its end: puts messages together and keeps the liveness clocks.
 *
 * <p>On the feed's thread only. Of an attempt that failed exactly {@link Owner#refused} is told, of a connection that
 * stood exactly one {@link Owner#closed}; after {@link #leave} nothing is told any more.
 */
final class FeedConnection {
    private static final Logger LOG = Logger.getLogger(FeedConnection.class);
    private static final int FETCH = 32;

    /** Who is told. Every call comes through {@link #guarded}. */
    interface Owner {
        void opened(FeedConnection connection);

        /** The bytes are good until this returns. */
        void message(FeedConnection connection, FrameKind kind, byte[] bytes, int length);

        void refused(FeedConnection connection, Throwable failure);

        /** {@code code} is that of the closing handshake, or null without one. */
        void closed(FeedConnection connection, @Nullable Short code, String detail);

        void guarded(Runnable work);

        /** Nanoseconds of a monotonic clock. */
        long monotonic();
    }

    private final Owner owner;
    private final FrameAssembly assembly;
    final LivenessWatch watch;
    private @Nullable WebSocket attempt;
    private @Nullable String failure;
    private boolean open;
    private boolean left;
    private long openedAt;

    FeedConnection(Owner owner, int maxFrame, LivenessWatch watch) {
        this.owner = owner;
        this.assembly = new FrameAssembly(maxFrame);
        this.watch = watch;
    }

    void connect(WebSocketClient client, WebSocketConnectOptions options) {
        ClientWebSocket socket = client.webSocket();
        attempt = socket;
        socket.frameHandler(frame -> owner.guarded(() -> received(socket, frame)));
        socket.closeHandler(none -> owner.guarded(() -> closed(socket)));
        socket.exceptionHandler(problem -> failure = FeedSupervisor.describe(problem));
        socket.connect(options)
                .onComplete(result -> owner.guarded(() -> {
                    if (left) {
                        if (result.succeeded()) {
                            closeQuietly(result.result(), (short) 1000);
                        }
                    } else if (result.succeeded()) {
                        opened(socket);
                    } else {
                        left = true;
                        owner.refused(this, result.cause());
                    }
                }));
    }

    private void opened(WebSocket socket) {
        if (open) {
            return;
        }
        open = true;
        socket.pause();
        socket.fetch(FETCH);
        openedAt = owner.monotonic();
        watch.connected(openedAt);
        owner.opened(this);
    }

    private void received(WebSocket socket, WebSocketFrame frame) {
        if (left) {
            return;
        }
        // The first frame may be told before the connection is.
        opened(socket);
        watch.heard(owner.monotonic());
        if (assembly.add(frame)) {
            FrameKind kind = assembly.isText() ? FrameKind.FRAME_KIND_TEXT : FrameKind.FRAME_KIND_BINARY;
            owner.message(this, kind, assembly.bytes(), assembly.length());
            assembly.reset();
        }
        socket.fetch(1);
    }

    private void closed(WebSocket socket) {
        if (left || !open) {
            return;
        }
        left = true;
        Short code = socket.closeStatusCode();
        String reason = socket.closeReason();
        String detail = code == null ? "closed" : "closed with " + code + (reason == null ? "" : " " + reason);
        owner.closed(this, code, failure == null ? detail : detail + ", " + failure);
    }

    boolean isOpen() {
        return open && !left;
    }

    /** When it was opened, by the monotonic clock. */
    long openedAt() {
        return openedAt;
    }

    void send(String text) {
        WebSocket socket = attempt;
        if (socket != null && isOpen()) {
            // A failure closes the connection, which is noticed there.
            socket.writeTextMessage(text).onFailure(problem -> LOG.debugf("sending: %s", problem.getMessage()));
        }
    }

    void ping() {
        WebSocket socket = attempt;
        if (socket != null && isOpen()) {
            socket.writePing(Buffer.buffer("tidemark")).onFailure(problem -> {});
        }
    }

    /** Is told of no more, and closes. */
    void leave(int code) {
        WebSocket socket = attempt;
        boolean stood = isOpen();
        left = true;
        assembly.reset();
        if (stood && socket != null) {
            closeQuietly(socket, (short) code);
        }
    }

    private static void closeQuietly(WebSocket socket, short code) {
        // The other side may be gone; the closing timeout of the client frees the socket then.
        socket.resume();
        socket.close(code).onFailure(problem -> LOG.debugf("closing: %s", problem.getMessage()));
    }
}
