package io.tidemark.edge.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.edge.feed.Await;
import io.tidemark.edge.pipeline.EdgeAndExchange;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subscriptions of the packaged service, changed while it records from the simulated exchange. */
class FeedsResourceIT {
    @TempDir
    Path folder;

    private EdgeAndExchange programs;

    @BeforeEach
    void prepare() {
        programs = new EdgeAndExchange(folder);
    }

    @AfterEach
    void end() {
        programs.close();
    }

    private void settings(String symbols, String more) throws IOException {
        int port = programs.port("exchange");
        programs.settings("""
                feeds: {binance: {symbols: [%s], url: "ws://127.0.0.1:%d", rest-url: "http://127.0.0.1:%d"}}
                %s
                """.formatted(symbols, port, port, more));
    }

    private void startBoth(String more) throws IOException {
        programs.exchange(
                "exchange", "--market", "--symbols", "BTCUSDT,ETHUSDT,SOLUSDT", "--seconds", "0", "--speed", "2");
        settings("BTCUSDT", more);
        programs.edge();
        Await.until(this::log, () -> programs.logged("trades") > 0);
    }

    private String log() {
        return programs.log("edge");
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws IOException {
        return programs.send("edge", method, path, body, headers);
    }

    private JsonNode feed() {
        return programs.status().path("feeds").path("binance");
    }

    private boolean hasEventsOf(String symbol) {
        return feed().path("instruments").path(symbol).asLong() > 0;
    }

    @Test
    void symbolsAreAddedByACallAndByAReloadWithoutAReconnect() throws Exception {
        startBoth("");
        HttpResponse<String> added = send("PUT", "/admin/feeds/binance", "{\"symbols\":[\"BTCUSDT\",\"ETHUSDT\"]}");
        assertEquals(200, added.statusCode(), added.body());
        assertTrue(added.body().contains("[BTCUSDT, ETHUSDT]"), added.body());
        Await.until(this::log, () -> hasEventsOf("ETH-USDT"));
        settings("BTCUSDT, SOLUSDT", "");
        HttpResponse<String> reloaded = send("POST", "/admin/reload", "");
        assertEquals(200, reloaded.statusCode(), reloaded.body());
        Await.until(this::log, () -> hasEventsOf("SOL-USDT"));
        assertTrue(send("POST", "/admin/reload", "").body().contains("as before"));
        assertEquals(0, feed().path("reconnects").asLong(), feed().toString());
        assertEquals(
                2, log().lines().filter(line -> line.contains("instead of")).count(), log());
    }

    @Test
    void mistakesAndStrangersAreRefused() throws Exception {
        startBoth("admin: {token: secret-of-this-test}");
        String[] token = {"Authorization", "Bearer secret-of-this-test"};
        assertEquals(401, send("POST", "/admin/reload", "").statusCode());
        assertEquals(
                401,
                send("POST", "/admin/reload", "", "Authorization", "Bearer other")
                        .statusCode());
        assertEquals(200, send("POST", "/admin/reload", "", token).statusCode());
        HttpResponse<String> wrong = send("PUT", "/admin/feeds/binance", "{\"symbols\":[\"???\"]}", token);
        assertEquals(400, wrong.statusCode());
        assertTrue(wrong.body().contains("edge.feeds.binance.symbols"), wrong.body());
        assertEquals(
                400,
                send("PUT", "/admin/feeds/binance", "{\"streams\":[\"nonsense\"]}", token)
                        .statusCode());
        assertEquals(404, send("PUT", "/admin/feeds/Other!", "{}", token).statusCode());
        assertEquals(0, feed().path("reconnects").asLong());
    }
}
