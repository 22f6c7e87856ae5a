package io.tidemark.lake.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightSettingsTest {
    @TempDir
    Path folder;

    @Test
    void withoutSettingsItListensOnLoopbackWithItsDefaults() {
        FlightOptions options = options(Map.of());
        assertEquals("127.0.0.1", options.host());
        assertEquals(32010, options.port());
        assertEquals(Optional.empty(), options.credentials());
        assertEquals(Optional.empty(), options.tls());
        assertEquals(Duration.ofHours(12), options.tokenLifetime());
        assertEquals(
                new FlightOptions.Limits(
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(30),
                        100_000_000,
                        4,
                        32,
                        1L << 30,
                        512L << 20,
                        2,
                        4L << 30,
                        1000,
                        Duration.ofMinutes(10)),
                options.limits());
        assertEquals(Path.of(System.getProperty("java.io.tmpdir")), options.workDirectory());
        assertTrue(settings(Map.of()).enabled());
    }

    @Test
    void thePasswordComesFromItsFileOrTheEnvironment() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "s3cret\n");
        assertEquals(
                Optional.of(new FlightOptions.Credentials("anna", "s3cret")),
                options(Map.of("lake.flight.user", "anna", "lake.flight.password-file", file.toString()))
                        .credentials());
        FlightOptions.Credentials fromText = options(
                        Map.of("lake.flight.user", "anna", "lake.flight.password", "s3cret"))
                .credentials()
                .orElseThrow();
        assertEquals("s3cret", fromText.password());
        assertEquals("Credentials[anna]", fromText.toString());
    }

    @Test
    void anAddressThatOthersReachNeedsLoginAndEncryption() throws Exception {
        assertMistakes(
                Map.of("lake.flight.host", "0.0.0.0"),
                "lake.flight.host: 0.0.0.0 is reachable from other machines; set lake.flight.user and"
                        + " lake.flight.password-file, or listen on 127.0.0.1",
                "lake.flight.host: 0.0.0.0 is reachable from other machines; set lake.flight.tls.certificate and"
                        + " lake.flight.tls.key, or listen on 127.0.0.1");
        Path file = Files.writeString(folder.resolve("any.pem"), "x");
        FlightOptions open = options(Map.of(
                "lake.flight.host", "0.0.0.0",
                "lake.flight.user", "anna",
                "lake.flight.password", "s3cret",
                "lake.flight.tls.certificate", file.toString(),
                "lake.flight.tls.key", file.toString()));
        assertEquals("0.0.0.0", open.host());
    }

    @Test
    void allMistakesAreListedTogether() {
        Map<String, String> wrong = new HashMap<>();
        wrong.put("lake.flight.port", "70000");
        wrong.put("lake.flight.query-timeout", "0s");
        wrong.put("lake.flight.max-rows", "0");
        wrong.put("lake.flight.memory-limit", "1M");
        wrong.put("lake.flight.user", "anna");
        wrong.put("lake.flight.tls.key", folder.resolve("key.pem").toString());
        assertMistakes(
                wrong,
                "lake.flight.port: 70000 is not a port (0 to 65535)",
                "lake.flight.query-timeout: must be longer than nothing, not PT0S",
                "lake.flight.max-rows: must be at least 1, not 0",
                "lake.flight.memory-limit: must be at least 33554432, not 1048576",
                "lake.flight.user is set without a password (lake.flight.password-file)",
                "lake.flight.tls: certificate and key belong together; the certificate is missing");
        assertMistakes(Map.of("lake.flight.password", "x"), "a password is set without lake.flight.user");
        assertMistakes(
                Map.of("lake.flight.password", "x", "lake.flight.password-file", "y", "lake.flight.user", "u"),
                "lake.flight.password-file and lake.flight.password are both set; one of them is enough");
        assertMistakes(
                Map.of("lake.flight.password-file", folder.resolve("none").toString(), "lake.flight.user", "u"),
                "lake.flight.password-file: cannot read " + folder.resolve("none"));
        assertMistakes(
                Map.of("lake.flight.user", "a:b", "lake.flight.password", "x"),
                "lake.flight.user: a name cannot hold a colon");
    }

    private static void assertMistakes(Map<String, String> values, String... mistakes) {
        FlightSettingsException wrong = assertThrows(FlightSettingsException.class, () -> options(values));
        assertEquals(
                List.of(mistakes), String.valueOf(wrong.getMessage()).lines().toList());
    }

    private static FlightOptions options(Map<String, String> values) {
        return FlightOptions.of(settings(values));
    }

    private static FlightSettings settings(Map<String, String> values) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .addDefaultInterceptors()
                .addSystemSources()
                .withSources(new PropertiesConfigSource(values, "test", 1000))
                .withMapping(FlightSettings.class)
                .build();
        return config.getConfigMapping(FlightSettings.class);
    }
}
