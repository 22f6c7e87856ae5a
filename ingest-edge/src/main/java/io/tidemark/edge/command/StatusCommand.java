package io.tidemark.edge.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.failure.StartFailure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    @Option(names = "--data-dir", description = "The folder of an edge that was stopped.")
    private @Nullable Path dataDir;

    @Option(names = "--json", description = "Prints the JSON as it is.")
    private boolean json;

    @Override
    public Integer call() {
        try {
            String text =
                    dataDir == null ? ask() : Files.readString(dataDir.resolve("status.json"), StandardCharsets.UTF_8);
            System.out.println(json ? text : table(new ObjectMapper().readTree(text)));
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("ingest-edge: no status from " + (dataDir == null ? url : dataDir.resolve("status.json"))
                    + ": " + StartFailure.explain(e));
            return StartFailure.OTHER;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return StartFailure.OTHER;
        }
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
        status.path("feeds").properties().forEach(feed -> {
            out.append(String.format(
                    "  %-20s %-10s %,d frames",
                    feed.getKey(),
                    feed.getValue().path("state").asText(),
                    feed.getValue().path("frames").asLong()));
            String error = feed.getValue().path("last-error").asText("");
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
        return out.toString();
    }
}
