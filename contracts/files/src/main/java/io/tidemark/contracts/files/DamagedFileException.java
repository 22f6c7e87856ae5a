package io.tidemark.contracts.files;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file is cut, changed or no event file of Tidemark; the message names it and says what is wrong. */
public final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Path file;

    public DamagedFileException(Path file, String reason, @Nullable Throwable cause) {
        super(file + ": " + reason, cause);
        this.file = file;
    }

    public Path file() {
        return file;
    }
}
