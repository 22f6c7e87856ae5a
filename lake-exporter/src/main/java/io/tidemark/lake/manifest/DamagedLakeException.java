package io.tidemark.lake.manifest;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The sealed state contradicts itself; the message names the file and says how. */
public final class DamagedLakeException extends IOException {
    private static final long serialVersionUID = 1;

    public DamagedLakeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
