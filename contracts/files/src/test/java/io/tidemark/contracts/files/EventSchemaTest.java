package io.tidemark.contracts.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.files.schema.Column;
import io.tidemark.contracts.files.schema.EventSchema;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EventSchemaTest {
    @Test
    void everySchemaHasUniqueIdsOnEveryField() {
        assertEquals(13, EventSchema.all().size());
        for (EventSchema schema : EventSchema.all()) {
            Set<Integer> ids = new HashSet<>();
            Matcher match = Pattern.compile("= (\\d+)").matcher(schema.text());
            while (match.find()) {
                assertTrue(
                        ids.add(Integer.valueOf(match.group(1))),
                        schema.name() + " has id " + match.group(1) + " twice");
            }
            assertTrue(ids.size() >= schema.columns().size());
        }
    }

    @Test
    void theLakeHasEveryColumnButThoseOfFrames() {
        Set<String> lake = new HashSet<>();
        EventSchema.LAKE.columns().forEach(column -> lake.add(column.name()));
        for (EventSchema schema : EventSchema.all()) {
            for (Column column : schema.columns()) {
                boolean ofFrames = Set.of("frame_kind", "payload", "request").contains(column.name());
                assertEquals(!ofFrames, lake.contains(column.name()), column.name());
            }
        }
        assertTrue(lake.contains("event_time"));
    }

    @Test
    void anUnknownNameIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> EventSchema.named("trades.v9"));
        assertThrows(IllegalArgumentException.class, () -> EventSchema.raw("candles"));
        assertEquals("bars.v1", EventSchema.raw("bars-native-1h").name());
    }
}
