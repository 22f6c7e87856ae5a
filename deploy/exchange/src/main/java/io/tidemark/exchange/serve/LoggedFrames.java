package io.tidemark.exchange.serve;

import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * How many WebSocket frames of this source a client has in its log, as it says on the upgrade; it is
 * continued after them.
 */
public record LoggedFrames(@Nullable Long value, boolean isValid) {
    public static final String HEADER = "Tidemark-Logged-Frames";

    public static LoggedFrames of(HttpServerRequest request) {
        String header = request.getHeader(HEADER);
        if (header == null) {
            return new LoggedFrames(null, true);
        }
        return header.matches("\\d{1,18}")
                ? new LoggedFrames(Long.valueOf(header), true)
                : new LoggedFrames(null, false);
    }
}
