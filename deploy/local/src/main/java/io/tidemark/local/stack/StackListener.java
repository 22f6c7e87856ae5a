package io.tidemark.local.stack;

import java.time.Duration;

/** Hears what happens to the stack's processes; called from several threads. */
public interface StackListener {
    void ready(String name, Duration after);

    /** It died by itself ({@code exitCode} above 128: by a signal) and is started again. */
    void restarting(String name, int exitCode);

    void stopping(String name);
}
