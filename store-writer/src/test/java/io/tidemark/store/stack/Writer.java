package io.tidemark.store.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.local.port.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged store-writer as a process. */
public final class Writer implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private static final List<String> SMALL = List.of("-XX:+UseSerialGC", "-Xmx160m", "-XX:TieredStopAtLevel=1");
    private static final double TICKS_PER_SECOND = 100;

    private final Process process;
    private final int port;
    private final Path log;

    private Writer(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    public static Path jar() {
        Path jar = Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IllegalStateException("the packaged service is missing: " + jar);
        }
        return jar;
    }

    /** Starts against the rig; environment wins over the defaults. */
    public static Writer start(Rig rig, Map<String, String> environment) throws IOException {
        return start(rig, environment, SMALL);
    }

    public static Writer start(Rig rig, Map<String, String> environment, List<String> jvm) throws IOException {
        Map<String, String> all = new HashMap<>();
        all.put("DATABASE_URL", rig.databaseUrl());
        all.put("KAFKA_BOOTSTRAP_SERVERS", rig.brokers());
        all.put("STORE_MODE", "dual");
        all.putAll(environment);
        return start(rig.dir(), all, jvm, List.of());
    }

    public static Writer start(Path dir, Map<String, String> environment, List<String> arguments) throws IOException {
        return start(dir, environment, SMALL, arguments);
    }

    private static Writer start(Path dir, Map<String, String> environment, List<String> jvm, List<String> arguments)
            throws IOException {
        int port = Ports.free();
        Path log = dir.resolve("writer-" + port + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
        builder.environment().putAll(environment);
        return new Writer(builder.start(), port, log);
    }

    public Process process() {
        return process;
    }

    public int port() {
        return port;
    }

    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    public JsonNode status() throws IOException, InterruptedException {
        return new ObjectMapper().readTree(get("/status").body());
    }

    public Writer awaitReady() {
        Await.until(READY, () -> "the writer is ready\n" + log(), () -> {
            if (!process.isAlive()) {
                throw new AssertionError("the writer ended: " + log());
            }
            return get("/q/health/ready").statusCode() == 200;
        });
        return this;
    }

    /** Until everything up to the ends of the topic is committed; {@code records} must have come. */
    public void awaitWritten(long records, Duration limit) {
        Await.until(limit, () -> "the writer has written " + records + " records\n" + log(), () -> {
            JsonNode status = status();
            long end = 0;
            for (JsonNode partition : status.get("partitions")) {
                end += partition.get("end_offset").asLong();
            }
            return end >= records
                    && status.get("lag").isNumber()
                    && status.get("lag").asLong() == 0;
        });
    }

    /** Until everything that the broker has is committed. */
    public void awaitNoLag(Duration limit) {
        Await.until(limit, () -> "the writer has no lag\n" + log(), () -> {
            JsonNode lag = status().get("lag");
            return lag.isNumber() && lag.asLong() == 0;
        });
    }

    /** Processor time so far, of all its threads. */
    public double cpuSeconds() throws IOException {
        String text = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Highest resident memory so far. */
    public long peakKilobytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no VmHWM");
    }

    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; true if it ended within the time. */
    public boolean terminate(Duration limit) throws InterruptedException {
        process.destroy();
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
