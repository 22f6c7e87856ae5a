package io.tidemark.edge.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.edge.log.MemoryJournal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The feed against a little real server. */
class FeedSupervisorTest {
    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final MemoryJournal journal = new MemoryJournal("binance");
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<String> headers = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** {@code behaviour} gets each connection and its number, from 0. */
    private int serve(BiConsumer<ServerWebSocket, Integer> behaviour) {
        int[] number = new int[1];
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setMaxWebSocketFrameSize(1 << 20))
                .webSocketHandler(socket -> {
                    headers.add(String.valueOf(socket.headers().get(FeedSupervisor.LOGGED_FRAMES)));
                    behaviour.accept(socket, number[0]++);
                })
                .requestHandler(request -> request.response().setStatusCode(404).end("{\"code\":-1,\"msg\":\"none\"}"));
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private FeedRig feed(int port, Map<String, String> settings) {
        FeedRig rig = new FeedRig(folder, journal, port, settings);
        open.add(rig);
        return rig;
    }

    private static String trade(int id) {
        return "{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":" + (1_700_000_000_000L + id)
                + ",\"s\":\"BTCUSDT\",\"t\":" + id + ",\"p\":\"1\",\"q\":\"1\",\"T\":" + (1_700_000_000_000L + id)
                + ",\"m\":true}}";
    }

    private List<String> tradeIds() {
        return journal.events("trades").stream()
                .map(e -> e.getTrade().getTradeId())
                .toList();
    }

    private List<SessionChange> sessions() {
        return journal.events("sessions").stream()
                .map(e -> e.getSession().getChange())
                .toList();
    }

    /** The outcome shows in what the feed records. */
    private static void started(Future<Void> write) {
        write.onFailure(failure -> {});
    }

    private static void end(ServerWebSocket socket) {
        var ignored = socket.close((short) 4001, "end of recording");
    }

    private static void send(ServerWebSocket socket, String text) {
        var ignored = socket.writeTextMessage(text);
    }

    @Test
    void aFiniteSourceIsReadToItsEndOverDisconnects() {
        int port = serve((socket, number) -> {
            for (int i = 0; i < 100; i++) {
                send(socket, trade(number * 100 + i));
            }
            if (number < 3) {
                var ignored = socket.close((short) 1001);
            } else {
                end(socket);
            }
        });
        FeedRig rig = feed(port, Map.of("finite", "true", "resume", "true"));
        rig.feed.start();
        rig.awaitState(FeedState.ENDED);
        assertEquals(List.of("0", "100", "200", "300"), headers);
        assertEquals(400, journal.framesLogged());
        assertEquals(400, tradeIds().size());
        assertEquals("399", tradeIds().get(399));
        assertEquals(List.of(), journal.events("gaps"), "a source that resumes leaves no gap");
        assertFalse(journal.events("bars-1s").isEmpty(), "the end closes the bars");
        assertEquals(
                SessionChange.SESSION_CHANGE_ENDED, sessions().get(sessions().size() - 1));
        assertTrue(rig.feed.status().fresh());
        rig.stop();
        assertEquals(FeedState.ENDED, rig.state());
    }

    @Test
    void aDisconnectOfALiveSourceIsAGapEvent() {
        int port = serve((socket, number) -> {
            send(socket, trade(number));
            if (number == 0) {
                var ignored = socket.close((short) 1001, "maintenance");
            }
        });
        FeedRig rig = feed(port, Map.of());
        rig.feed.start();
        Await.until("two trades", () -> tradeIds().size() == 2);
        assertEquals(List.of("null", "null"), headers, "a real venue is told nothing");
        Envelope gap = journal.events("gaps").get(0);
        assertEquals(GapReason.GAP_REASON_DISCONNECT, gap.getGap().getReason());
        assertTrue(gap.getGap().getFromTime() <= gap.getGap().getToTime());
        assertEquals(
                journal.events("frames").get(0).getReceiveTime(), gap.getGap().getFromTime());
        assertTrue(
                gap.getGap().getDetail().contains("1001 maintenance"),
                gap.getGap().getDetail());
        rig.stop();
        assertEquals(
                List.of(
                        SessionChange.SESSION_CHANGE_EDGE_STARTED,
                        SessionChange.SESSION_CHANGE_CONNECTED,
                        SessionChange.SESSION_CHANGE_DISCONNECTED,
                        SessionChange.SESSION_CHANGE_CONNECTED,
                        SessionChange.SESSION_CHANGE_DISCONNECTED,
                        SessionChange.SESSION_CHANGE_EDGE_STOPPED),
                sessions());
        assertEquals(FeedState.STOPPED, rig.state());
    }

    @Test
    void aMessageInPiecesIsOneFrame() {
        int port = serve((socket, number) -> {
            String text = trade(7);
            started(socket.writeFrame(WebSocketFrame.textFrame(text.substring(0, 10), false)));
            started(socket.writePing(Buffer.buffer("x")));
            started(socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(text.substring(10, 20)), false)));
            started(socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(text.substring(20)), true)));
            end(socket);
        });
        FeedRig rig = feed(port, Map.of("finite", "true"));
        rig.feed.start();
        rig.awaitState(FeedState.ENDED);
        assertEquals(List.of("7"), tradeIds());
        assertEquals(1, journal.events("frames").size());
        assertEquals(
                trade(7),
                journal.events("frames").get(0).getFrame().getPayload().toStringUtf8());
    }

    @Test
    void aMessageBeyondTheLimitEndsTheConnectionOnly() {
        int port = serve((socket, number) -> {
            if (number == 0) {
                var ignored = socket.writeFrame(WebSocketFrame.textFrame("x".repeat(5000), true));
            } else {
                send(socket, trade(1));
                end(socket);
            }
        });
        FeedRig rig = feed(port, Map.of("finite", "true", "max-frame-size", "4K"));
        rig.feed.start();
        rig.awaitState(FeedState.ENDED);
        assertEquals(List.of("1"), tradeIds());
    }

    @Test
    void aRefusedUpgradeIsRepeatedNoSoonerThanAsked() {
        int[] asked = new int[1];
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            asked[0]++;
            request.response()
                    .setStatusCode(429)
                    .putHeader("Retry-After", "600")
                    .end();
        });
        int port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        FeedRig rig = feed(port, Map.of());
        rig.feed.start();
        Await.until("the refusal", () -> rig.feed.status().problem() != null);
        rig.awaitState(FeedState.WAITING);
        assertEquals(FeedState.WAITING, rig.state());
        assertFalse(rig.feed.status().fresh());
        rig.stop();
        assertEquals(1, asked[0]);
    }

    @Test
    void attemptsEndWhereTheSettingsSaySo() {
        int port = serve((socket, number) -> {
            var ignored = socket.close();
        });
        FeedRig rig = feed(port, Map.of("max-reconnect-attempts", "2"));
        rig.feed.start();
        rig.awaitState(FeedState.STOPPED);
        assertEquals(3, headers.size());
        FeedRig once = feed(port, Map.of("auto-reconnect", "false"));
        once.feed.start();
        once.awaitState(FeedState.STOPPED);
        assertEquals(4, headers.size());
    }

    @Test
    void rubbishIsCountedAndTheConnectionLives() {
        int port = serve((socket, number) -> {
            for (int i = 0; i < 50; i++) {
                send(socket, "rubbish " + i);
                send(socket, trade(i));
            }
            end(socket);
        });
        FeedRig rig = feed(port, Map.of("finite", "true"));
        rig.feed.start();
        rig.awaitState(FeedState.ENDED);
        assertEquals(50, tradeIds().size());
        assertEquals(50, rig.feed.status().quarantined());
        assertEquals(1, headers.size());
    }

    @Test
    void aSourceWhoseServerHangsStopsLikeAnyOther() {
        int port = serve((socket, number) -> socket.pause());
        FeedRig rig = feed(port, Map.of());
        rig.feed.start();
        rig.awaitState(FeedState.CONNECTED);
        assertFalse(rig.feed.status().fresh(), "connected is not enough");
        rig.stop();
        assertEquals(FeedState.STOPPED, rig.state());
    }
}
