package io.tidemark.local.supervise;

import java.time.Duration;

/**
 * Decides whether a process that ended by itself is started again, and after which pause.
 *
 * <p>Killed by a signal: always, up to {@value #MAX_QUICK_KILLS} times in quick succession. Ended with an
 * error: a few times, as what it needs may be restarting too. Ended with exit code 2 (settings): never,
 * the same settings would end it again. Not thread-safe; belongs to one process's watcher.
 */
final class RestartPolicy {
    static final int MAX_QUICK_KILLS = 20;
    static final int MAX_QUICK_ERRORS = 3;
    /** Who ran this long had started properly: earlier failures are forgotten. */
    static final Duration QUICK = Duration.ofSeconds(15);

    private static final int SETTINGS = 2;
    private static final int FIRST_SIGNAL = 128;
    private static final Duration MAX_PAUSE = Duration.ofSeconds(3);

    private int quickKills;
    private int quickErrors;

    /** The pause before the next start, or a negative duration when there shall be none. */
    Duration afterEnd(int exitCode, Duration uptime) {
        if (exitCode == SETTINGS) {
            return Duration.ofMillis(-1);
        }
        if (uptime.compareTo(QUICK) >= 0) {
            quickKills = 0;
            quickErrors = 0;
        }
        boolean killed = exitCode > FIRST_SIGNAL;
        int count = killed ? ++quickKills : ++quickErrors;
        if (count >= (killed ? MAX_QUICK_KILLS : MAX_QUICK_ERRORS)) {
            return Duration.ofMillis(-1);
        }
        Duration pause = Duration.ofMillis(100L << Math.min(count, 6));
        return pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause;
    }
}
