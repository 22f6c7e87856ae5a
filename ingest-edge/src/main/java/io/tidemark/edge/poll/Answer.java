package io.tidemark.edge.poll;

import java.time.Duration;

/**
 * What came of one request.
 *
 * @param status of HTTP; 0 where none came
 * @param retryAfter how long the server asks to be left alone; zero for not at all
 * @param problem one sentence; empty for an answer that can be used
 */
record Answer(int status, byte[] body, String etag, String lastModified, Duration retryAfter, String problem) {
    static final int OK = 200;
    static final int NOT_MODIFIED = 304;

    boolean isUsable() {
        return problem.isEmpty();
    }

    /** Whether asking again soon can help: a server's trouble or the network's, not a wrong question. */
    boolean isPassing() {
        return status == 0 || status == 408 || status == 418 || status == 425 || status == 429 || status >= 500;
    }
}
