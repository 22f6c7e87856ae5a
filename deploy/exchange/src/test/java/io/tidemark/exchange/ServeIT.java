package io.tidemark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.exchange.recording.Recordings;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program as a process of its own. */
final class ServeIT {
    private static final String ALL =
            "/stream?streams=btcusdt@trade/btcusdt@bookTicker/btcusdt@depth@100ms/ethusdt@trade/ethusdt@depth@100ms";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void killAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void killedAndRestartedWithItsStateFileItGoesOnExactly() throws Exception {
        long seed = System.nanoTime();
        System.out.println("ServeIT kills, seed " + seed);
        Random random = new Random(seed);
        String[] options = {"serve", "--port", "0", "--market", "--seconds", "120", "--seed", "5", "--state"};

        List<String> log = new ArrayList<>();
        boolean finished = false;
        int kills = 0;
        Path state = folder.resolve("state.json");
        Process process = start(with(options, state.toString()));
        int port = port(process);
        while (!finished) {
            TestSocket socket =
                    TestSocket.open(client, port, ALL, (long) log.size()).take(Long.MAX_VALUE);
            int wanted = 1 + random.nextInt(4_000);
            Await.until("some or the end", () -> socket.count() >= wanted || socket.code() >= 0);
            if (kills < 4 && socket.code() < 0) {
                process.destroyForcibly().waitFor();
                kills++;
                log.addAll(socket.texts());
                process = start(with(options, state.toString()));
                port = port(process);
            } else {
                Await.until("the end", () -> socket.code() >= 0);
                finished = socket.code() == 4001;
                log.addAll(socket.texts());
            }
        }

        assertTrue(kills > 0);
        assertEquals(log.size(), status(port).get("emitted").asLong());
        // The market of the same seed and start, received in one piece, is what was received in pieces.
        String start = new ObjectMapper().readTree(state.toFile()).get("start").asText();
        Process whole = start("serve", "--port", "0", "--market", "--seconds", "120", "--seed", "5", "--start", start);
        TestSocket socket = TestSocket.open(client, port(whole), ALL, null).take(Long.MAX_VALUE);
        Await.until("the end", () -> socket.code() == 4001);
        assertEquals(socket.texts(), log, "seed " + seed);
    }

    @Test
    void killedAfterTheEndItStillKnowsItsCount() throws Exception {
        Path state = folder.resolve("state.json");
        String[] options = {"serve", "--port", "0", "--market", "--seconds", "5", "--state", state.toString()};
        Process process = start(options);
        TestSocket socket = TestSocket.open(client, port(process), ALL, 0L).take(Long.MAX_VALUE);
        Await.until("the end", () -> socket.code() == 4001);
        process.destroyForcibly().waitFor();

        int port = port(start(options));
        Await.until(
                "it found its place",
                () -> status(port).get("finished").asBoolean()
                        && !status(port).get("seeking").asBoolean());
        assertEquals(socket.count(), status(port).get("emitted").asLong());
    }

    @Test
    void sigtermEndsItWithZero() throws Exception {
        Process process = start("serve", "--port", "0", "--market");
        port(process);
        process.destroy();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
    }

    @Test
    void aBusyPortIsOneSentenceAndExitCodeOne() throws Exception {
        int port = port(start("serve", "--port", "0", "--market"));
        Process second = start("serve", "--port", Integer.toString(port), "--market");
        assertTrue(second.waitFor(30, TimeUnit.SECONDS));
        assertEquals(1, second.exitValue());
        List<String> lines = errors(second);
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.get(0).contains("cannot listen on 127.0.0.1:" + port), lines.toString());
    }

    @Test
    void aBrokenLineIsOneSentenceAndExitCodeOneBeforeItListens() throws Exception {
        Path file = Recordings.plain(folder.resolve("broken.log"), "1723161253937085768 {\"stream\":\"a@b\"");
        for (String[] arguments : List.of(
                new String[] {"serve", "--port", "0", "--capture", file.toString()},
                new String[] {"inspect", file.toString()})) {
            Process process = start(arguments);
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
            assertEquals(1, process.exitValue());
            List<String> lines = errors(process);
            assertEquals(1, lines.size(), lines.toString());
            assertTrue(lines.get(0).contains(file + ":1: broken JSON"), lines.toString());
        }
    }

    @Test
    void wrongUsageIsExitCodeTwoWithAllMistakes() throws Exception {
        Process unknown = start("serve", "--market", "--sped", "1");
        assertTrue(unknown.waitFor(30, TimeUnit.SECONDS));
        assertEquals(2, unknown.exitValue());
        assertTrue(errors(unknown).get(0).contains("--sped"));

        Process wrong = start("serve", "--market", "--speed", "-1", "--seconds", "-5", "--no-patient");
        assertTrue(wrong.waitFor(30, TimeUnit.SECONDS));
        assertEquals(2, wrong.exitValue());
        String message = errors(wrong).get(0);
        assertTrue(message.contains("--speed") && message.contains("--seconds") && message.contains("--no-patient"));
        assertFalse(message.contains("Exception"));
    }

    private static String[] with(String[] options, String last) {
        return Stream.concat(Stream.of(options), Stream.of(last)).toArray(String[]::new);
    }

    private Process start(String... arguments) throws IOException {
        Path jar;
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            jar = files.filter(file -> file.getFileName().toString().matches("tidemark-exchange-[0-9.]+\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        Path errors = folder.resolve("stderr-" + started.size());
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        started.add(process);
        return process;
    }

    private List<String> errors(Process process) throws IOException {
        return Files.readAllLines(folder.resolve("stderr-" + started.indexOf(process)));
    }

    private int port(Process process) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = String.valueOf(out.readLine());
        assertTrue(line.startsWith("listening on 127.0.0.1:"), line + " " + errors(process));
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    private JsonNode status(int port) {
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/admin/status"))
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new ObjectMapper().readTree(response.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
