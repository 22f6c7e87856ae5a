package io.tidemark.exchange;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A reader of the JDK's own, independent of the server's library; takes only what it is told to. */
final class TestSocket implements WebSocket.Listener, AutoCloseable {
    private final List<String> texts = new ArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket socket;
    private int code = -1;
    private String reason = "";

    private TestSocket(HttpClient client, String uri, @Nullable Long logged) {
        WebSocket.Builder builder = client.newWebSocketBuilder();
        if (logged != null) {
            builder.header("Tidemark-Logged-Frames", Long.toString(logged));
        }
        this.socket = builder.buildAsync(URI.create(uri), this)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    static TestSocket open(HttpClient client, int port, String path, @Nullable Long logged) {
        return new TestSocket(client, "ws://127.0.0.1:" + port + path, logged);
    }

    TestSocket take(long messages) {
        socket.request(messages);
        return this;
    }

    void send(String text) {
        socket.sendText(text, true).orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Override
    public void onOpen(WebSocket opened) {
        // Nothing is asked for until the test says so.
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            texts.add(part.toString());
            part.setLength(0);
        } else {
            from.request(1);
        }
        return null;
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onClose(WebSocket from, int statusCode, String closeReason) {
        code = statusCode;
        reason = closeReason;
        return null;
    }

    synchronized List<String> texts() {
        return List.copyOf(texts);
    }

    synchronized int count() {
        return texts.size();
    }

    synchronized int code() {
        return code;
    }

    synchronized String reason() {
        return reason;
    }

    /** Gone without a word, as after a kill. */
    void abort() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.abort();
    }
}
