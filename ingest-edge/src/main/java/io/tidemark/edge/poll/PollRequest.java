package io.tidemark.edge.poll;

import java.net.URI;

/**
 * One question to a server.
 *
 * @param id names what is asked over all rounds: the same id is the same document
 * @param symbol whose frame the answer is; {@code _} for none
 * @param conditional whether the server is told which answer is here already
 */
public record PollRequest(String id, URI uri, String symbol, String venueSymbol, boolean conditional) {
    public String host() {
        String host = uri.getHost();
        return host == null ? uri.getAuthority() : host;
    }

    /** Path and query as they go into the record. */
    public String asked() {
        String query = uri.getRawQuery();
        return uri.getRawPath() + (query == null ? "" : "?" + query);
    }
}
