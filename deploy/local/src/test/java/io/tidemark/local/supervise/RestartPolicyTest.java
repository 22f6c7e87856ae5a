package io.tidemark.local.supervise;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {
    private static final int KILLED = 137;
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final RestartPolicy policy = new RestartPolicy();

    @Test
    void killsAreHealedManyTimesButNotForEver() {
        for (int i = 1; i < RestartPolicy.MAX_QUICK_KILLS; i++) {
            assertFalse(policy.afterEnd(KILLED, SHORT).isNegative(), "kill " + i);
        }
        assertTrue(policy.afterEnd(KILLED, SHORT).isNegative());
    }

    @Test
    void whoRanLongStartsWithACleanRecord() {
        policy.afterEnd(1, SHORT);
        policy.afterEnd(1, SHORT);
        assertFalse(policy.afterEnd(1, RestartPolicy.QUICK).isNegative());
        assertFalse(policy.afterEnd(1, SHORT).isNegative());
        assertTrue(policy.afterEnd(1, SHORT).isNegative());
    }

    @Test
    void settingsThatMakeNoSenseAreNotTriedAgain() {
        assertTrue(policy.afterEnd(2, Duration.ofHours(1)).isNegative());
    }
}
