package io.tidemark.e2e.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tidemark.e2e.stack.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/config.md} says what the code says: every setting with its default and its sentence.
 *
 * <p>After a change run {@code mvn -pl e2e-tests test -Dtest=ConfigDocTest -Dtidemark.docs.write=true}.
 */
class ConfigDocTest {
    private static final List<Map.Entry<String, String>> SERVICES = List.of(
            Map.entry("ingest-edge", "edge"),
            Map.entry("store-writer", "store"),
            Map.entry("lake-exporter", "lake"),
            Map.entry("sync-agent", "sync"));

    @Test
    void theDocumentListsEverySettingWithItsDefault() throws IOException {
        StringBuilder doc = new StringBuilder("""
                # Settings

                Each service reads one `application.yaml`; the one in its jar holds the defaults. Another file is named by
                `-Dquarkus.config.locations=FILE` in front of `-jar`, and every setting also by the environment (`edge.data-dir` is
                `EDGE_DATA_DIR`). Settings that make no sense, or that are not known, stop the start with one message that lists
                all of them. Secrets come from the environment or from files only.

                This page is compared with the code by `ConfigDocTest`, which also writes it.
                """);
        for (Map.Entry<String, String> service : SERVICES) {
            Path module = Repository.root().resolve(service.getKey());
            List<SettingsSource.Setting> settings = new SettingsSource(module).settings();
            assertFalse(settings.isEmpty(), service.getKey() + " has no settings");
            doc.append("\n## ").append(service.getKey()).append("\n\n| setting | default | meaning |\n|---|---|---|\n");
            for (SettingsSource.Setting setting : settings) {
                assertFalse(setting.meaning().isEmpty(), setting.name() + " is not explained in the code");
                doc.append("| `").append(setting.name()).append("` | ");
                boolean words = setting.standard().equals("must be given")
                        || setting.standard().equals("none");
                doc.append(words ? setting.standard() : "`" + setting.standard() + "`");
                doc.append(" | ").append(setting.meaning()).append(" |\n");
            }
        }
        Path file = Repository.root().resolve("docs").resolve("config.md");
        if (Boolean.getBoolean("tidemark.docs.write")) {
            Files.writeString(file, doc.toString());
        }
        assertEquals(doc.toString(), Files.exists(file) ? Files.readString(file) : "");
    }
}
