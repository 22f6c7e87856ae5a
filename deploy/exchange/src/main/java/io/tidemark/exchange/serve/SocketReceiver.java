package io.tidemark.exchange.serve;

import io.tidemark.exchange.emission.Frame;
import io.tidemark.exchange.emission.Receiver;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * One WebSocket client. Frames count as in flight from the moment they are handed over until the
 * operating system has taken them; no more than a window of them is taken in, whatever the client
 * does, so a slow reader costs a bounded amount of memory.
 */
public final class SocketReceiver implements Receiver {
    static final int WINDOW_FRAMES = 512;
    static final long WINDOW_CHARS = 1 << 20;
    /** End of a finite recording; every frame was sent. */
    public static final short END_OF_RECORDING = 4001;
    /** The same client has come again on a newer connection. */
    public static final short REPLACED = 4002;

    private static final short GOING_AWAY = 1001;
    private static final int WAKE_EVERY = 64;
    private static final int HUGE_PIECE = 64 << 10;

    private final ServerWebSocket socket;
    private final HttpConnection line;
    private final Context context;
    private final Function<Frame, String> form;
    private final Runnable wake;
    private final Queue<String> outgoing = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicInteger frames = new AtomicInteger();
    private final AtomicLong chars = new AtomicLong();
    private volatile long aliveNanos = System.nanoTime();

    /**
     * @param line the connection below the socket, to be cut by a fault
     * @param form how this client wants a frame written
     * @param wake called on the event loop when there is room again
     */
    public SocketReceiver(
            ServerWebSocket socket, HttpConnection line, Context context, Function<Frame, String> form, Runnable wake) {
        this.socket = socket;
        this.line = line;
        this.context = context;
        this.form = form;
        this.wake = wake;
        socket.pongHandler(pong -> alive());
    }

    @Override
    public boolean hasRoom() {
        return frames.get() < WINDOW_FRAMES && chars.get() < WINDOW_CHARS;
    }

    @Override
    public boolean drained() {
        return frames.get() == 0;
    }

    @Override
    public String form(Frame frame) {
        return form.apply(frame);
    }

    @Override
    public void send(String text) {
        frames.incrementAndGet();
        chars.addAndGet(text.length());
        outgoing.add(text);
        if (scheduled.compareAndSet(false, true)) {
            context.runOnContext(none -> drain());
        }
    }

    private void drain() {
        scheduled.set(false);
        for (String text = outgoing.poll(); text != null; text = outgoing.poll()) {
            int length = text.length();
            socket.writeTextMessage(text, written -> written(length));
        }
    }

    private void written(int length) {
        alive();
        chars.addAndGet(-length);
        int left = frames.decrementAndGet();
        if (left == 0 || left % WAKE_EVERY == 0) {
            wake.run();
        }
    }

    @Override
    public void sendHalf(String text) {
        context.runOnContext(none -> {
            drain();
            socket.writeFrame(
                    WebSocketFrame.textFrame(text.substring(0, text.length() / 2), false), written -> cutNow());
        });
    }

    @Override
    public void sendHuge(long bytes) {
        frames.incrementAndGet();
        chars.addAndGet(WINDOW_CHARS);
        context.runOnContext(none -> {
            drain();
            huge(bytes, true);
        });
    }

    /** Piece by piece, each when the one before has left: the frame is never held as a whole. */
    private void huge(long left, boolean first) {
        int size = (int) Math.min(left, HUGE_PIECE);
        Buffer piece = Buffer.buffer(" ".repeat(size));
        boolean last = left <= HUGE_PIECE;
        WebSocketFrame frame = first
                ? WebSocketFrame.textFrame(piece.toString(), last)
                : WebSocketFrame.continuationFrame(piece, last);
        socket.writeFrame(frame, written -> {
            if (last || written.failed()) {
                written((int) WINDOW_CHARS);
            } else {
                alive();
                huge(left - size, false);
            }
        });
    }

    @Override
    public void cut() {
        context.runOnContext(none -> {
            drain();
            cutNow();
        });
    }

    private void cutNow() {
        if (line instanceof ConnectionBase connection) {
            var unused = connection.channel().close();
        } else {
            throw new IllegalStateException("a connection of an unknown kind: " + line.getClass());
        }
    }

    @Override
    public void expire() {
        close(GOING_AWAY, "24 hours");
    }

    @Override
    public void finish() {
        close(END_OF_RECORDING, "end of recording");
    }

    @Override
    public void replaced() {
        close(REPLACED, "replaced by a newer connection");
    }

    /** Closes after what was handed over; nothing happens if the client has gone already. */
    public void close(short code, String reason) {
        context.runOnContext(none -> {
            drain();
            if (!socket.isClosed()) {
                socket.close(code, reason, closed -> {});
            }
        });
    }

    /** The client asked for something. */
    public void heard() {
        alive();
    }

    void ping() {
        socket.writePing(Buffer.buffer(Long.toString(System.currentTimeMillis())), written -> {});
    }

    /** How long there was no sign of the client: no pong, no request, nothing taken. */
    long silentMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - aliveNanos);
    }

    private void alive() {
        aliveNanos = System.nanoTime();
    }

    @Override
    public String describe() {
        return "client " + socket.remoteAddress();
    }
}
