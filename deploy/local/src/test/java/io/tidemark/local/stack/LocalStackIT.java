package io.tidemark.local.stack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.local.broker.TopicList;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 240, unit = TimeUnit.SECONDS)
class LocalStackIT {
    @TempDir
    Path dir;

    @Test
    void brokerAndDatabaseComeBackAfterAKillWithWhatTheyHeld() throws Exception {
        try (LocalStack stack = CarriersMain.stack(dir)) {
            stack.start();
            TopicList.createMissing(stack.bootstrapServers());
            execute(stack, "CREATE TABLE t AS SELECT 1 AS n");
            for (JsonNode entry : entries()) {
                ProcessHandle.of(entry.path("pid").asLong()).orElseThrow().destroyForcibly();
            }
            awaitStarts(2);
            assertTrue(
                    TopicList.createMissing(stack.bootstrapServers()).stream().noneMatch(TopicList.Topic::created));
            execute(stack, "INSERT INTO t VALUES (2)");
        }
        assertEquals(List.of(), alive());
    }

    @Test
    void anInterruptedLauncherLeavesNothingRunning() throws Exception {
        Process launcher = launcher();
        assertEquals(List.of("broker", "database"), alive());
        String signal = interruptsAreIgnored() ? "TERM" : "INT";
        new ProcessBuilder("sh", "-c", "kill -" + signal + " " + launcher.pid())
                .start()
                .waitFor(5, TimeUnit.SECONDS);
        assertTrue(launcher.waitFor(60, TimeUnit.SECONDS));
        assertEquals(List.of(), alive());
    }

    /** What a shell starts in the background inherits that SIGINT is ignored, and so does everything below it. */
    private static boolean interruptsAreIgnored() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    @Test
    void whatAKilledLauncherLeftIsEndedByStop() throws Exception {
        Process launcher = launcher();
        launcher.destroyForcibly();
        assertTrue(launcher.waitFor(60, TimeUnit.SECONDS));
        assertEquals(List.of("broker", "database"), alive());
        assertEquals(List.of("database", "broker"), LocalStack.stopLeftovers(dir));
        assertEquals(List.of(), alive());
        assertEquals(List.of(), LocalStack.stopLeftovers(dir));
    }

    private Process launcher() throws IOException {
        Process launcher = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CarriersMain.class.getName(),
                        dir.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = launcher.inputReader();
        assertEquals("started", said.readLine());
        return launcher;
    }

    private void execute(LocalStack stack, String sql) throws SQLException {
        try (Connection connection = stack.database().asSuperuser();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void awaitStarts(int starts) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (entries().stream()
                .anyMatch(entry -> entry.path("starts").asInt() < starts
                        || !entry.path("running").asBoolean())) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private List<String> alive() throws IOException {
        return entries().stream()
                .filter(entry -> ProcessHandle.of(entry.path("pid").asLong())
                        .map(ProcessHandle::isAlive)
                        .orElse(false))
                .map(entry -> entry.path("name").asText())
                .toList();
    }

    private List<JsonNode> entries() throws IOException {
        List<JsonNode> entries = new ArrayList<>();
        new ObjectMapper()
                .readTree(Files.readString(dir.resolve("processes.json")))
                .path("processes")
                .forEach(entries::add);
        return entries;
    }
}
