package io.tidemark.edge.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.failure.StartFailure;
import io.tidemark.edge.check.FolderStatus;
import io.tidemark.edge.log.LogStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Asks a running edge, or reads what a stopped one has left. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows where an edge stands: of a running one by --url, of a stopped one by --data-dir.")
final class StatusCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int OK = 200;

    @Option(names = "--url", description = "Where it listens (default: ${DEFAULT-VALUE}).")
    private String url = "http://127.0.0.1:8081";

    @Option(names = "--data-dir", description = "The folder of an edge that was stopped or killed.")
    private @Nullable Path dataDir;

    @Option(names = "--json", description = "Prints the JSON as it is.")
    private boolean json;

    @Override
    public Integer call() {
        try {
            String text = dataDir == null ? ask() : stopped(dataDir);
            System.out.println(json ? text : table(new ObjectMapper().readTree(text)));
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("ingest-edge: no status from " + (dataDir == null ? url : dataDir) + ": "
                    + StartFailure.explain(e));
            return StartFailure.OTHER;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return StartFailure.OTHER;
        }
    }

    private static String stopped(Path folder) throws IOException {
        Path left = folder.resolve("status.json");
        if (Files.exists(left)) {
            return Files.readString(left, StandardCharsets.UTF_8);
        }
        if (LogStore.isUsed(folder)) {
            throw new IOException("an edge works in it; ask it by --url");
        }
        return new ObjectMapper().writeValueAsString(FolderStatus.of(folder));
    }

    private String ask() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url).resolve("/status"))
                .timeout(LIMIT)
                .build();
        HttpResponse<String> answer = HttpClient.newBuilder()
                .connectTimeout(LIMIT)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != OK) {
            throw new IOException("HTTP " + answer.statusCode());
        }
        return answer.body();
    }

    private static String table(JsonNode status) {
        StringBuilder out = new StringBuilder();
        out.append("edge ")
                .append(status.path("edge").asText())
                .append(", incarnation ")
                .append(status.path("incarnation").asLong())
                .append('\n');
        out.append(String.format(
                "  %-20s %-10s %12s %9s %6s %10s  %s%n",
                "source", "state", "frames", "frames/s", "gaps", "for Kafka", "last data"));
        status.path("feeds").properties().forEach(feed -> {
            JsonNode value = feed.getValue();
            long last = value.path("last-frame-time").asLong();
            out.append(String.format(
                    "  %-20s %-10s %,12d %9.1f %,6d %,10d  %s",
                    feed.getKey(),
                    value.path("state").asText(),
                    value.path("frames").asLong(),
                    value.path("frames-per-second").asDouble(),
                    value.path("gaps").asLong(),
                    value.path("pending").asLong(),
                    last == 0
                            ? "none yet"
                            : Instant.ofEpochMilli(last / 1_000_000).toString()));
            String error = value.path("last-error").asText("");
            out.append(error.isEmpty() ? "" : "  " + error).append('\n');
        });
        status.path("channels")
                .properties()
                .forEach(channel -> out.append(String.format(
                        "  %-20s %,d decoded, %,d logged%n",
                        channel.getKey(),
                        channel.getValue().path("decoded").asLong(),
                        channel.getValue().path("logged").asLong())));
        out.append(String.format(
                "  Kafka: %,d pending, %,d acknowledged; %,d segments; %,d frames quarantined",
                status.path("forward").path("pending").asLong(),
                status.path("forward").path("acknowledged").asLong(),
                status.path("segments").path("files").asLong(),
                status.path("quarantined").asLong()));
        JsonNode disk = status.path("disk");
        if (!disk.isMissingNode()) {
            out.append(String.format(
                    "%n  Disk: %.1f %% used, %,d MiB left, %s",
                    disk.path("used-percent").asDouble(),
                    disk.path("usable-bytes").asLong() >> 20,
                    disk.path("tier").asText()));
        }
        return out.toString();
    }
}
