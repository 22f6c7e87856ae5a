package io.tidemark.edge.log;

import java.io.IOException;

/**
 * The log cannot take a batch now: the disk refused an earlier one, which is still held in memory.
 *
 * <p>The batch was not taken and its sequences were given back. The caller stops reading its source; a later
 * commit tries again.
 */
public final class LogUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LogUnavailableException(String source, IOException cause) {
        super("the log of " + source + " cannot be written: " + cause.getMessage(), cause);
    }
}
