package io.tidemark.edge.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.edge.log.MemoryJournal;
import io.tidemark.edge.venue.binance.BinanceSite;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections that overlap, and subscriptions that change, against a server that tells everybody the same. */
class HandoverTest {
    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final MemoryJournal journal = new MemoryJournal("binance");
    private final Set<ServerWebSocket> clients = new CopyOnWriteArraySet<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private int next;

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private int serve() {
        HttpServer server = vertx.createHttpServer().webSocketHandler(socket -> {
            clients.add(socket);
            socket.closeHandler(none -> clients.remove(socket));
            socket.textMessageHandler(requests::add);
        });
        vertx.setPeriodic(2, id -> {
            if (!clients.isEmpty()) {
                tellAll();
            }
        });
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
    }

    private void tellAll() {
        int id = next++;
        long time = 1_700_000_000_000L + id * 20L;
        String trade = "{\"e\":\"trade\",\"E\":" + time + ",\"s\":\"BTCUSDT\",\"t\":" + id
                + ",\"p\":\"1\",\"q\":\"1\",\"T\":" + time + ",\"m\":true}";
        String quote = "{\"u\":" + id * 7L + ",\"s\":\"BTCUSDT\",\"b\":\"1\",\"B\":\"1\",\"a\":\"2\",\"A\":\"1\"}";
        for (ServerWebSocket client : clients) {
            client.writeTextMessage(trade).onFailure(failure -> {});
            client.writeTextMessage(quote).onFailure(failure -> {});
        }
    }

    private static List<Long> ids(List<Envelope> events) {
        return events.stream()
                .map(e -> e.hasTrade()
                        ? Long.parseLong(e.getTrade().getTradeId())
                        : e.getQuote().getUpdateId() / 7)
                .toList();
    }

    private static void consecutive(List<Long> ids) {
        for (int i = 1; i < ids.size(); i++) {
            assertEquals(ids.get(i - 1) + 1, ids.get(i), "at " + i);
        }
    }

    @Test
    void aYoungerConnectionTakesOverWithoutLossOrRepeat() {
        int port = serve();
        try (FeedRig rig = new FeedRig(
                folder,
                journal,
                port,
                Map.of("streams", "trade,bookTicker", "connection-max-age", "300ms", "handover-overlap", "200ms"))) {
            rig.feed.start();
            // The pause between handovers is a minute: one is what a test can wait for.
            Await.until(
                    () -> "one handover: " + rig.feed.status(),
                    () -> rig.feed.status().handovers() == 1);
            int sofar = journal.events("trades").size();
            Await.until(() -> "more trades", () -> journal.events("trades").size() > sofar + 20);
            rig.stop();
            consecutive(ids(journal.events("trades")));
            consecutive(ids(journal.events("quotes")));
            assertEquals(List.of(), journal.events("gaps"));
            assertEquals(0, rig.feed.status().reconnects());
            assertEquals(
                    2,
                    journal.events("sessions").stream()
                            .filter(e -> e.getSession().getChange() == SessionChange.SESSION_CHANGE_CONNECTED)
                            .count());
            assertTrue(
                    journal.events("bars-1s").stream()
                            .skip(1)
                            .anyMatch(e -> e.getBar().getComplete()),
                    "a bar across the handover is complete");
        }
    }

    @Test
    void otherInstrumentsAreSubscribedOnTheStandingConnection() {
        int port = serve();
        try (FeedRig rig = new FeedRig(folder, journal, port, Map.of("streams", "trade,bookTicker"))) {
            rig.feed.start();
            Await.until(() -> "trades", () -> journal.events("trades").size() > 10);
            FeedSettings more = Settings.feed(Map.of(
                    "symbols",
                    "BTCUSDT,ETHUSDT",
                    "streams",
                    "trade",
                    "url",
                    "ws://127.0.0.1:" + port,
                    "rest-url",
                    "http://127.0.0.1:" + port));
            rig.feed.change(
                    BinanceSite.BINANCE.plan("binance", more, mistake -> {
                        throw new AssertionError(mistake);
                    }),
                    "ETHUSDT added");
            Await.until(() -> "two requests: " + requests, () -> requests.size() == 2);
            assertEquals("{\"method\":\"UNSUBSCRIBE\",\"params\":[\"btcusdt@bookTicker\"],\"id\":1}", requests.get(0));
            assertEquals("{\"method\":\"SUBSCRIBE\",\"params\":[\"ethusdt@trade\"],\"id\":2}", requests.get(1));
            rig.stop();
            assertFalse(rig.feed.status().reconnects() > 0);
            assertEquals(
                    1,
                    journal.events("sessions").stream()
                            .filter(e -> e.getSession().getChange() == SessionChange.SESSION_CHANGE_SUBSCRIBED)
                            .count());
            consecutive(ids(journal.events("trades")));
        }
    }
}
