package io.tidemark.lake.run;

import java.io.IOException;

/** A configuration that cannot be used; the message names the file and each field, a line each. */
public final class BadConfigException extends IOException {
    private static final long serialVersionUID = 1;

    BadConfigException(String message) {
        super(message);
    }
}
