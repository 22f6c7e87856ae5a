package io.tidemark.lake.command;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Logging of commands, which run without the framework.
 *
 * <p>Until the framework configures it, its log manager lets every level through; Parquet then describes each
 * value it writes, which makes an export twenty times slower.
 */
final class CommandLogging {
    /** Held, because a logger that nobody holds forgets its level. */
    private static final Logger ROOT = Logger.getLogger("");

    private CommandLogging() {}

    static void onlyWarnings() {
        ROOT.setLevel(Level.WARNING);
    }
}
