package io.tidemark.edge.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.tidemark.edge.forward.ForwardSettings;
import io.tidemark.edge.segment.SegmentSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The settings of log, segments and forwarding: each default, each name, and what is said of a bad value. */
class LogSettingsTest {
    private static <T> T settings(Class<T> type, Map<String, String> given) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(given, "test", 100))
                .withMapping(type)
                .build()
                .getConfigMapping(type);
    }

    @Test
    void theDefaultsAreThoseOfTheSpecAndHaveNoMistake() {
        LogSettings log = settings(LogSettings.class, Map.of());
        assertEquals(100, log.batchSize());
        assertEquals(Duration.ofMillis(250), log.writeInterval());
        assertEquals(Duration.ofSeconds(5), log.flushInterval());
        assertEquals(100, log.segmentMaxMb());
        assertEquals(1, log.compressionLevel());
        assertEquals(List.of(), log.mistakes());
        SegmentSettings segment = settings(SegmentSettings.class, Map.of());
        assertEquals("parquet", segment.rawFormat());
        assertEquals("snappy", segment.parquetCompression());
        assertEquals(List.of(), segment.mistakes());
        ForwardSettings forward = settings(ForwardSettings.class, Map.of());
        assertTrue(forward.enabled());
        assertEquals(6 << 20, forward.bufferMemory().asLongValue());
        assertEquals(List.of(), forward.mistakes());
    }

    @Test
    void everyNameIsUnderstoodAndEveryMistakeIsNamed() {
        LogSettings log = settings(
                LogSettings.class,
                Map.of(
                        "edge.log.batch-size", "0",
                        "edge.log.write-interval", "2m",
                        "edge.log.flush-interval", "11m",
                        "edge.log.segment-max-mb", "0",
                        "edge.log.compression-level", "9"));
        assertEquals(5, log.mistakes().size(), log.mistakes().toString());
        assertTrue(log.mistakes().get(0).contains("edge.log.batch-size"));
        SegmentSettings segment = settings(
                SegmentSettings.class,
                Map.of(
                        "edge.segment.raw-format", "csv",
                        "edge.segment.parquet-compression", "gzip",
                        "edge.segment.parquet-compression-level", "0",
                        "edge.segment.memory-mb", "1"));
        assertEquals(4, segment.mistakes().size(), segment.mistakes().toString());
        ForwardSettings forward = settings(
                ForwardSettings.class,
                Map.of(
                        "edge.forward.bootstrap-servers", " ",
                        "edge.forward.compression", "rar",
                        "edge.forward.buffer-memory", "10",
                        "edge.forward.linger", "20s",
                        "edge.forward.cursor-interval", "1ms",
                        "edge.forward.partitions", "0",
                        "edge.forward.replicas", "0",
                        "edge.forward.drain-limit", "2h"));
        assertTrue(forward.mistakes().size() >= 7, forward.mistakes().toString());
    }
}
