package io.tidemark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.stack.Await;
import io.tidemark.store.stack.Bars;
import io.tidemark.store.stack.Rig;
import io.tidemark.store.stack.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The admin endpoints of a running writer, from outside. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class AdminIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String TOKEN = "a-token-of-the-test";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path dir;

    private static Rig rig;
    private static Writer writer;
    private static long sent;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(dir);
        rig.createTopic(Topics.BARS);
        Path token = Files.writeString(dir.resolve("token"), TOKEN + "\n");
        writer = Writer.start(
                        rig,
                        Map.of(
                                "STORE_ADMIN_TOKEN_FILE", token.toString(),
                                "STORE_RETENTION_BARS", "3650d",
                                "QUARKUS_HTTP_HOST", "0.0.0.0"))
                .awaitReady();
    }

    @AfterAll
    static void stop() {
        writer.close();
        rig.close();
    }

    private static HttpResponse<String> call(String method, String path, String token, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + writer.port() + path))
                .timeout(LONG)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode ok(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = call(method, path, TOKEN, body);
        assertTrue(answer.statusCode() / 100 == 2, method + " " + path + ": " + answer.statusCode() + answer.body());
        return JSON.readTree(answer.body());
    }

    private static JsonNode job(String path) throws Exception {
        long id = ok("POST", path, "").get("id").asLong();
        Await.until(
                LONG,
                () -> "job " + id,
                () -> !ok("GET", "/admin/jobs/" + id, "").get("state").asText().equals("RUNNING"));
        JsonNode job = ok("GET", "/admin/jobs/" + id, "");
        assertEquals("DONE", job.get("state").asText(), job.toString());
        return job.get("result");
    }

    @Test
    void onlyTheBearerOfTheTokenIsAdmitted() throws Exception {
        assertEquals(401, call("GET", "/admin/modes", "", "").statusCode());
        assertEquals(401, call("GET", "/admin/modes", "a-token", "").statusCode());
        assertEquals(401, call("POST", "/admin/writer/pause", "", "").statusCode());
        assertEquals(200, call("GET", "/admin/modes", TOKEN, "").statusCode());
        for (String path : List.of("//admin/modes", "/%61dmin/modes", "/./admin/modes", "/status/../admin/modes")) {
            assertTrue(call("GET", path, "", "").statusCode() >= 400, path);
        }
        assertEquals(200, call("GET", "/status", "", "").statusCode());
        JsonNode api =
                JSON.readTree(call("GET", "/q/openapi?format=json", "", "").body());
        for (String path : List.of(
                "/admin/mode",
                "/admin/sinks",
                "/admin/writer/drain",
                "/admin/parity",
                "/admin/dead-letters/{id}/replay",
                "/admin/retention/run")) {
            assertTrue(api.get("paths").has(path), path + " in " + api.get("paths"));
        }
    }

    @Test
    void withoutATokenItDoesNotStartWhereOthersReachIt() throws Exception {
        try (Writer open = Writer.start(rig, Map.of("QUARKUS_HTTP_HOST", "0.0.0.0"))) {
            assertTrue(open.process().waitFor(60, TimeUnit.SECONDS), open.log());
            assertEquals(2, open.process().exitValue(), open.log());
            assertTrue(open.log().contains("store.admin.token: the writer listens on 0.0.0.0"), open.log());
        }
    }

    @Test
    void aPausedWriterTakesNothingAndADrainedOneHasWrittenWhatItTook() throws Exception {
        assertTrue(ok("POST", "/admin/writer/drain", "").get("drained").asBoolean());
        assertTrue(ok("GET", "/admin/writer", "").get("paused").asBoolean());
        List<io.tidemark.contracts.proto.Envelope> bars = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            bars.add(Bars.bar("PAUSE-" + i % 8, Bars.AUGUST + i * Bars.SECOND, "1")
                    .build());
        }
        rig.sendBars(bars);
        sent += bars.size();
        // What was under way may still come: that is one delivery, which is drained too.
        assertTrue(ok("POST", "/admin/writer/drain", "").get("drained").asBoolean());
        assertTrue(rig.count("SELECT count(*) FROM bars") < 20_000);
        assertFalse(ok("POST", "/admin/writer/resume", "").get("paused").asBoolean());
        writer.awaitWritten(sent, LONG);
        assertEquals(20_000, rig.count("SELECT count(*) FROM bars WHERE symbol LIKE 'PAUSE-%'"));
        JsonNode sinks = ok("GET", "/admin/sinks", "");
        Map<String, String> roles = new TreeMap<>();
        sinks.forEach(
                sink -> roles.put(sink.get("sink").asText(), sink.get("role").asText()));
        assertEquals("primary", roles.get("legacy_bars"), roles.toString());
        assertEquals("shadow", roles.get("provider_bars"), roles.toString());
        assertEquals("only", roles.get("news"), roles.toString());
        assertTrue(ok("GET", "/admin/ab", "")
                        .get("provider")
                        .get("batches_success")
                        .asLong()
                > 0);
        assertTrue(job("/admin/parity").get("clean").asBoolean());
    }

    @Test
    void theModeChangesByOneStepAndRefusesOthers() throws Exception {
        assertEquals("DUAL_LEGACY", ok("GET", "/admin/mode", "").get("mode").asText());
        HttpResponse<String> refused = call("PUT", "/admin/mode", TOKEN, "{\"mode\":\"provider\"}");
        assertEquals(409, refused.statusCode(), refused.body());
        assertEquals(
                400, call("PUT", "/admin/mode", TOKEN, "{\"mode\":\"both\"}").statusCode());
        assertEquals(
                "DUAL_PROVIDER",
                ok("PUT", "/admin/mode", "{\"mode\":\"dual-provider\"}")
                        .get("mode")
                        .asText());
        assertEquals(
                "DUAL_LEGACY",
                ok("PUT", "/admin/mode", "{\"mode\":\"DUAL_LEGACY\",\"reason\":\"back\"}")
                        .get("mode")
                        .asText());
    }

    @Test
    void partitionsThatAreTooOldGoFromBothTables() throws Exception {
        rig.sendBars(List.of(
                Bars.bar("OLD-USD", 900_000_000L * Bars.SECOND, "1").build(),
                Bars.bar("NEW-USD", Bars.AUGUST, "1").build()));
        sent += 2;
        writer.awaitWritten(sent, LONG);
        assertEquals(1, rig.count("SELECT count(*) FROM bars WHERE symbol = 'OLD-USD'"));
        assertEquals(2, ok("POST", "/admin/retention/run", "").size());
        assertEquals(0, rig.count("SELECT count(*) FROM bars WHERE symbol = 'OLD-USD'"));
        assertEquals(0, rig.count("SELECT count(*) FROM bars_ohlcv WHERE symbol = 'OLD-USD'"));
        assertEquals(
                List.of("bars_199807", "bars_ohlcv_199807"),
                rig.ask("SELECT partition FROM store_retention_log ORDER BY partition"));
        // A late one makes its month again instead of stopping the writer.
        rig.sendBars(
                List.of(Bars.bar("OLD-USD", 900_000_060L * Bars.SECOND, "1").build()));
        sent++;
        writer.awaitWritten(sent, LONG);
        assertEquals(1, rig.count("SELECT count(*) FROM bars WHERE symbol = 'OLD-USD'"));
    }
}
