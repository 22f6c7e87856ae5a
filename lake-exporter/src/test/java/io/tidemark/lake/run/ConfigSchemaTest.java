package io.tidemark.lake.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published schemas say what the program takes: the same fields, the same defaults, the same bounds. */
class ConfigSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private static JsonNode schema(String kind) throws IOException {
        return JSON.readTree(LakeSettings.class.getResource(kind + ".schema.json"));
    }

    private Path config(String kind, Map<String, String> more) throws IOException {
        Map<String, String> fields = new java.util.TreeMap<>(more);
        fields.putIfAbsent("version", "1");
        fields.putIfAbsent("kind", "\"" + kind + "\"");
        if (kind.equals("slices")) {
            fields.putIfAbsent("alerts", "\"a.csv\"");
            fields.putIfAbsent("pre_candles", "1");
            fields.putIfAbsent("post_candles", "1");
        }
        List<String> parts = new ArrayList<>();
        fields.forEach((name, value) -> parts.add("\"" + name + "\":" + value));
        return Files.writeString(folder.resolve("c.json"), "{" + String.join(",", parts) + "}");
    }

    private Map<String, Object> read(String kind, Map<String, String> more) throws IOException {
        Path file = config(kind, more);
        return kind.equals("slices")
                ? SliceConfig.read(file).toMap()
                : CorpusConfig.read(file).toMap();
    }

    @Test
    void theFieldsAreTheSame() throws IOException {
        for (String kind : List.of("slices", "corpus")) {
            BadConfigException refused =
                    assertThrows(BadConfigException.class, () -> read(kind, Map.of("nothing", "1")));
            String message = String.valueOf(refused.getMessage());
            String known = message.substring(message.indexOf("there are ") + 10, message.lastIndexOf(')'));
            Set<String> published = new TreeSet<>();
            schema(kind).get("properties").fieldNames().forEachRemaining(published::add);
            assertEquals(published, new TreeSet<>(List.of(known.split(", "))));
        }
    }

    @Test
    void theDefaultsAreTheSame() throws IOException {
        for (String kind : List.of("slices", "corpus")) {
            Map<String, Object> read = read(kind, Map.of());
            schema(kind).get("properties").properties().forEach(property -> {
                JsonNode published = property.getValue().get("default");
                if (published != null && read.containsKey(property.getKey())) {
                    assertEquals(published.asText(), String.valueOf(read.get(property.getKey())), property.getKey());
                }
            });
        }
    }

    @Test
    void theBoundsAreTheSame() throws IOException {
        for (String kind : List.of("slices", "corpus")) {
            for (Map.Entry<String, JsonNode> property :
                    schema(kind).get("properties").properties()) {
                for (String bound : List.of("minimum", "maximum")) {
                    JsonNode limit = property.getValue().get(bound);
                    if (limit != null) {
                        long inside = limit.asLong();
                        long outside = bound.equals("minimum") ? inside - 1 : inside + 1;
                        read(kind, Map.of(property.getKey(), Long.toString(inside)));
                        assertThrows(
                                BadConfigException.class,
                                () -> read(kind, Map.of(property.getKey(), Long.toString(outside))),
                                property.getKey());
                    }
                }
            }
        }
    }

    @Test
    void aTimeRangeOfACorpusMustBeOne() throws IOException {
        assertThrows(
                BadConfigException.class,
                () -> read("corpus", Map.of("from", "\"2024-01-02T00:00:00Z\"", "to", "\"2024-01-01T00:00:00Z\"")));
        BadConfigException refused =
                assertThrows(BadConfigException.class, () -> read("corpus", Map.of("from", "\"yesterday\"")));
        assertTrue(String.valueOf(refused.getMessage()).contains("from: must be a time such as"));
    }
}
