package io.tidemark.lake.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service as a process: started, asked over JDBC, stopped, and started wrongly. */
class FlightServiceIT {
    private static final String OPEN_BUFFERS = "--add-opens=java.base/java.nio=ALL-UNNAMED";

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();
    private int http;
    private int flight;

    @BeforeEach
    void choosePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket other = new ServerSocket(0)) {
            http = one.getLocalPort();
            flight = other.getLocalPort();
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly();
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void itAnswersSqlOnAnEmptyLakeIsReadyCountsAndStopsCleanly() throws Exception {
        Process service = start("out", OPEN_BUFFERS);
        awaitReady(service);
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:arrow-flight-sql://127.0.0.1:" + flight + "/?useEncryption=false");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM trades")) {
            assertTrue(rows.next());
            assertEquals(0, rows.getLong(1));
        }
        assertTrue(get("/q/health/ready").body().contains("flight-sql"));
        assertEquals(200, get("/q/health/started").statusCode());
        String metrics = get("/q/metrics").body();
        assertTrue(metrics.contains("lake_flight_queries_total{outcome=\"complete\"} 1.0"), metrics);
        assertTrue(metrics.contains("lake_flight_rows_total 1.0"), metrics);
        assertTrue(metrics.contains("lake_flight_query_seconds_count 1"), metrics);

        Process second = start("second", OPEN_BUFFERS, "-Dquarkus.http.port=0");
        assertTrue(second.waitFor(60, TimeUnit.SECONDS));
        assertEquals(
                "lake-exporter: lake.flight.port: 127.0.0.1:" + flight
                        + " is in use already or not an address of this machine",
                errors("second"));
        assertEquals(1, second.exitValue());

        service.destroy();
        assertTrue(service.waitFor(30, TimeUnit.SECONDS));
        try (var left = Files.list(folder.resolve("work"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void wrongSettingsAreListedWithoutAStackTrace() throws Exception {
        Process service = start("wrong", OPEN_BUFFERS, "-Dlake.flight.host=0.0.0.0", "-Dlake.flight.max-queries=0");
        assertTrue(service.waitFor(60, TimeUnit.SECONDS));
        assertEquals(2, service.exitValue());
        assertEquals(
                3,
                errors("wrong")
                        .lines()
                        .filter(line -> line.startsWith("lake-exporter: lake.flight."))
                        .count());
        assertEquals(3, errors("wrong").lines().count(), errors("wrong"));
    }

    @Test
    void anUnknownSettingIsNamed() throws Exception {
        Process service = start("unknown", OPEN_BUFFERS, "-Dlake.flight.prot=1");
        assertTrue(service.waitFor(60, TimeUnit.SECONDS));
        assertEquals(2, service.exitValue());
        assertEquals("lake-exporter: lake.flight.prot: there is no such setting", errors("unknown"));
    }

    @Test
    void aMissingJvmOptionIsNamed() throws Exception {
        Process service = start("closed", "-Dx=y");
        assertTrue(service.waitFor(60, TimeUnit.SECONDS));
        assertEquals(1, service.exitValue());
        assertEquals(
                "lake-exporter: Arrow needs the JVM option " + OPEN_BUFFERS + "; put it before -jar", errors("closed"));
    }

    private Process start(String name, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dquarkus.http.port=" + http);
        command.add("-Dlake.flight.port=" + flight);
        command.add("-Dlake.flight.work-directory=" + folder.resolve("work"));
        command.add("-Dlake.root=" + folder.resolve("lake"));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-jar", Path.of("target", "quarkus-app", "quarkus-run.jar").toString()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .redirectError(folder.resolve(name + ".err").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private String errors(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".err")).strip();
    }

    private void awaitReady(Process service) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            assertTrue(service.isAlive(), errors("out"));
            assertFalse(System.nanoTime() > deadline, "not ready within 60 s");
            try {
                if (get("/q/health/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not listening yet.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
                                .timeout(Duration.ofSeconds(10))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
