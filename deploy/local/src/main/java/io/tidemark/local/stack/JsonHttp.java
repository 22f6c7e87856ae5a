package io.tidemark.local.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Asks the stack's services on the loopback address; no answer within seconds is no answer. */
public final class JsonHttp {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    /** Whether the path answers with 200. */
    public boolean ok(int port, String path) {
        return ask(port, path).map(answer -> answer.statusCode() == 200).orElse(false);
    }

    /** The JSON of the path; empty when it does not answer, or not with 200 and JSON. */
    public Optional<JsonNode> get(int port, String path) {
        return ask(port, path).filter(answer -> answer.statusCode() == 200).flatMap(answer -> {
            try {
                return Optional.of(JSON.readTree(answer.body()));
            } catch (IOException e) {
                return Optional.empty();
            }
        });
    }

    private Optional<HttpResponse<String>> ask(int port, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(LIMIT)
                .GET()
                .build();
        try {
            return Optional.of(client.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
