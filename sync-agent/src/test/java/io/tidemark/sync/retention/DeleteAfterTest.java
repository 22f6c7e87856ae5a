package io.tidemark.sync.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeleteAfterTest {
    @Test
    void isReadAsWritten() {
        assertTrue(DeleteAfter.of("keep").grace().isEmpty());
        assertEquals(Duration.ZERO, DeleteAfter.of("0s").grace().orElseThrow());
        assertEquals(Duration.ofMinutes(30), DeleteAfter.of("30m").grace().orElseThrow());
        assertEquals(Duration.ofHours(48), DeleteAfter.of("48h").grace().orElseThrow());
        assertEquals(Duration.ofDays(7), DeleteAfter.of("7d").grace().orElseThrow());
        for (String bad : new String[] {"", "never", "7", "-1h", "1w", "1.5h"}) {
            assertThrows(IllegalArgumentException.class, () -> DeleteAfter.of(bad), bad);
        }
    }
}
