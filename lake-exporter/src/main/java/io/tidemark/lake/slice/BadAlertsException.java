package io.tidemark.lake.slice;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A file of alerts that cannot be used at all; the message names it and says why. */
public final class BadAlertsException extends IOException {
    private static final long serialVersionUID = 1;

    public BadAlertsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
