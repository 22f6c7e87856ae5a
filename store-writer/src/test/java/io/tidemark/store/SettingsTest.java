package io.tidemark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import io.tidemark.store.admin.AdminSettings;
import io.tidemark.store.consume.ConsumeSettings;
import io.tidemark.store.database.DatabaseSettings;
import io.tidemark.store.feedback.FeedbackSettings;
import io.tidemark.store.migrate.RetentionSettings;
import io.tidemark.store.mode.ModeSettings;
import io.tidemark.store.mode.StoreMode;
import io.tidemark.store.write.OverflowPolicy;
import io.tidemark.store.write.WriteSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each default, each name, and the message for each bad value, without a container. */
class SettingsTest {
    private static SmallRyeConfig config(Map<String, String> properties, Map<String, String> environment) {
        try {
            return new SmallRyeConfigBuilder()
                    .addDefaultInterceptors()
                    .addDiscoveredConverters()
                    .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                    .withSources(
                            new YamlConfigSource(SettingsTest.class.getResource("/application.yaml"), 100),
                            new PropertiesConfigSource(properties, "given", 500),
                            new EnvConfigSource(environment, 300))
                    .withMapping(ConsumeSettings.class, "store")
                    .withMapping(WriteSettings.class, "store")
                    .withMapping(DatabaseSettings.class, "store")
                    .withMapping(ModeSettings.class, "store")
                    .withMapping(FeedbackSettings.class, "store.feedback")
                    .withMapping(AdminSettings.class, "store.admin")
                    .withMapping(RetentionSettings.class, "store.retention")
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        SmallRyeConfig config = config(Map.of(), Map.of());
        WriteSettings write = config.getConfigMapping(WriteSettings.class, "store");
        assertEquals(2, write.workers());
        assertEquals(100, write.queueMax());
        assertEquals(1_000, write.maxBatchSize());
        assertEquals(5_000, write.flushRows());
        assertEquals(4 << 20, write.flushBytes().asLongValue());
        assertEquals(Duration.ofMillis(100), write.flushInterval());
        assertEquals(OverflowPolicy.BLOCK, write.overflowPolicy());
        assertEquals(Map.of(), write.overflow());
        assertEquals(Duration.ofSeconds(20), write.drainTimeout());
        ConsumeSettings consume = config.getConfigMapping(ConsumeSettings.class, "store");
        assertEquals("default", consume.tenant());
        assertEquals("1m", consume.defaultTimeframe());
        assertEquals("store-writer", consume.consumerGroup());
        assertEquals(Duration.ofSeconds(60), consume.claimTimeout());
        assertEquals(1, consume.topicReplication());
        DatabaseSettings database = config.getConfigMapping(DatabaseSettings.class, "store");
        assertEquals("127.0.0.1:5432/tidemark", database.databaseUrl().place());
        assertEquals(10, database.poolSize());
        assertEquals(Duration.ofSeconds(30), database.writeTimeout());
        assertEquals(
                Optional.empty(),
                config.getConfigMapping(ModeSettings.class, "store").mode());
        assertTrue(config.getConfigMapping(ModeSettings.class, "store").failover());
        RetentionSettings retention = config.getConfigMapping(RetentionSettings.class, "store.retention");
        assertEquals(Optional.empty(), retention.bars());
        assertEquals(Optional.empty(), retention.options());
        assertEquals(Optional.empty(), retention.fundamentals());
        assertEquals(Optional.empty(), retention.news());
        assertEquals(Duration.ofDays(90), retention.deadLetters());
        assertEquals(Duration.ofDays(90), retention.divergences());
        AdminSettings admin = config.getConfigMapping(AdminSettings.class, "store.admin");
        assertTrue(admin.enabled());
        assertEquals(Optional.empty(), admin.token());
        assertEquals(Optional.empty(), admin.tokenFile());
        FeedbackSettings feedback = config.getConfigMapping(FeedbackSettings.class, "store.feedback");
        assertEquals(Duration.ofSeconds(1), feedback.interval());
        assertEquals(Duration.ofSeconds(30), feedback.lease());
    }

    @Test
    void theEnvironmentsNamesAreUnderstood() {
        SmallRyeConfig config = config(
                Map.of(),
                Map.of(
                        "STORE_MODE", "dual",
                        "STORE_WORKERS", "5",
                        "STORE_QUEUE_MAX", "7",
                        "STORE_TIMEFRAME", "5m",
                        "STORE_ADMIN_TOKEN", "secret",
                        "STORE_RETENTION_BARS", "730d",
                        "DATABASE_URL", "postgresql://u:p%40ss@db:1234/d",
                        "MDS_DSN", "postgresql://older/older",
                        "MDS_TENANT_ID", "fund"));
        assertEquals(
                Optional.of(StoreMode.DUAL_LEGACY),
                config.getConfigMapping(ModeSettings.class, "store").mode());
        assertEquals(
                Optional.of("secret"),
                config.getConfigMapping(AdminSettings.class, "store.admin").token());
        assertEquals(
                Optional.of(Duration.ofDays(730)),
                config.getConfigMapping(RetentionSettings.class, "store.retention")
                        .bars());
        WriteSettings write = config.getConfigMapping(WriteSettings.class, "store");
        assertEquals(5, write.workers());
        assertEquals(7, write.queueMax());
        ConsumeSettings consume = config.getConfigMapping(ConsumeSettings.class, "store");
        assertEquals("5m", consume.defaultTimeframe());
        assertEquals("fund", consume.tenant());
        assertEquals(
                "p@ss",
                config.getConfigMapping(DatabaseSettings.class, "store")
                        .databaseUrl()
                        .password());
    }

    @Test
    void aFamilyMayHaveAPolicyOfItsOwn() {
        WriteSettings write = config(
                        Map.of("store.overflow-policy", "drop_newest", "store.overflow.news", "drop_oldest"), Map.of())
                .getConfigMapping(WriteSettings.class, "store");
        assertEquals(OverflowPolicy.DROP_NEWEST, write.overflowPolicy());
        assertEquals(Map.of("news", OverflowPolicy.DROP_OLDEST), write.overflow());
    }

    @Test
    void theOlderNameOfTheDatabaseServesWhenTheNewOneIsNotThere() {
        SmallRyeConfig config = config(Map.of(), Map.of("MDS_DSN", "postgresql://u@older/market"));
        assertEquals(
                "older:5432/market",
                config.getConfigMapping(DatabaseSettings.class, "store")
                        .databaseUrl()
                        .place());
    }

    @Test
    void allMistakesAreListedTogether() {
        ConfigValidationException problems = assertThrows(
                ConfigValidationException.class,
                () -> config(
                        Map.of(
                                "store.workers", "none",
                                "store.queue-max", "0",
                                "store.mode", "both",
                                "store.overflow-policy", "drop_all",
                                "store.overflow.trades", "block",
                                "store.default-timeframe", "often",
                                "store.tenant", "a'b",
                                "store.database-url", "mysql://u:topsecret@h/d",
                                "store.retention.bars", "0s",
                                "store.wrokers", "3"),
                        Map.of()));
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < problems.getProblemCount(); i++) {
            all.append(problems.getProblem(i).getMessage()).append('\n');
        }
        for (String part : new String[] {
            "store.workers",
            "store.queue-max",
            "store.mode",
            "\"drop_all\" is not block, drop_oldest or drop_newest",
            "\"trades\" is not bars, options, fundamentals or news",
            "store.default-timeframe",
            "store.tenant",
            "store.database-url",
            "store.retention.bars",
            "store.wrokers"
        }) {
            assertTrue(all.toString().contains(part), part + " in " + all);
        }
        String text = StartMessage.text(problems);
        assertFalse(text.contains("topsecret"), text);
        assertTrue(text.contains("  - store.queue-max: 0 is less than 1\n"), text);
    }
}
