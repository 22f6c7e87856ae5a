package io.tidemark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.local.port.Ports;
import io.tidemark.store.stack.Await;
import io.tidemark.store.stack.Bars;
import io.tidemark.store.stack.Rig;
import io.tidemark.store.stack.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Starts that fail say why in one message; starts that come too early wait. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class StartIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    private static String ended(Writer writer, int code) throws Exception {
        assertTrue(writer.process().waitFor(60, TimeUnit.SECONDS), writer.log());
        String said = writer.log();
        assertEquals(code, writer.process().exitValue(), said);
        assertFalse(said.contains("\tat "), said);
        return said;
    }

    @Test
    void badSettingsAreListedTogetherWithoutTheirSecrets() throws Exception {
        Map<String, String> environment = Map.of(
                "DATABASE_URL", "postgresql://u:topsecret@host",
                "STORE_MODE", "both",
                "STORE_WORKERS", "0");
        try (Writer writer = Writer.start(dir, environment, List.of())) {
            String said = ended(writer, 2);
            for (String part : List.of("DATABASE_URL", "store.mode", "store.workers: 0 is less than 1")) {
                assertTrue(said.contains(part), part + " in " + said);
            }
            assertFalse(said.contains("topsecret"), said);
        }
    }

    @Test
    void aBusyPortIsNamed() throws Exception {
        int port = Ports.free();
        try (ServerSocket busy = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                Writer writer = Writer.start(
                        dir, Map.of("QUARKUS_HTTP_PORT", Integer.toString(busy.getLocalPort())), List.of())) {
            String said = ended(writer, 1);
            assertTrue(said.contains("already in use") && said.contains(Integer.toString(port)), said);
        }
    }

    @Test
    void anUnknownCommandEndsWithTwo() throws Exception {
        try (Writer writer = Writer.start(dir, Map.of(), List.of("wirte"))) {
            assertTrue(ended(writer, 2).contains("wirte"));
        }
    }

    @Test
    void withoutDatabaseAndBrokerItLivesAndWaitsAndTheModeOfTheDatabaseHolds() throws Exception {
        try (Rig rig = new Rig(dir)) {
            rig.killDatabase();
            rig.killBroker();
            try (Writer writer = Writer.start(rig, Map.of())) {
                Await.until(
                        SOON, writer::log, () -> writer.get("/q/health/live").statusCode() == 200);
                assertEquals(200, writer.get("/q/health/started").statusCode());
                assertEquals(503, writer.get("/q/health/ready").statusCode());
                assertTrue(writer.status().get("lag").isNull());
                rig.startDatabase();
                rig.startBroker();
                writer.awaitReady();
                rig.sendBars(List.of(Bars.bar("LATE-USD", Bars.AUGUST, "1").build()));
                writer.awaitWritten(1, SOON);
                assertEquals("DUAL_LEGACY", writer.status().get("mode").asText());
                rig.execute("ALTER TABLE bars_ohlcv RENAME COLUMN volume TO size");
                rig.sendBars(List.of(
                        Bars.bar("LATE-USD", Bars.AUGUST + Bars.SECOND, "2").build()));
                writer.awaitWritten(2, SOON);
                assertEquals(2, rig.count("SELECT count(*) FROM bars"));
                assertEquals(1, rig.count("SELECT count(*) FROM bars_ohlcv"));
                assertEquals(
                        List.of("provider_bars|1|42703"),
                        rig.ask("SELECT sink, rows_missing, sqlstate FROM store_divergence"));
                assertEquals(List.of("2"), rig.ask("SELECT count(*) FROM candles WHERE symbol = 'LATE-USD'"));
                rig.execute("ALTER TABLE bars_ohlcv RENAME COLUMN size TO volume");
                assertTrue(writer.terminate(SOON), writer.log());
            }
            try (Writer writer = Writer.start(rig, Map.of("STORE_MODE", "legacy"))) {
                writer.awaitReady();
                assertEquals("DUAL_LEGACY", writer.status().get("mode").asText());
                assertTrue(writer.log().contains("store.mode is \"legacy\", but"), writer.log());
            }
        }
    }
}
