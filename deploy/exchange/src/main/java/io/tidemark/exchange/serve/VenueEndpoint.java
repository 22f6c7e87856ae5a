package io.tidemark.exchange.serve;

import io.vertx.core.http.HttpServerRequest;

/** What a venue speaks: its REST paths and WebSockets. Called on the server's event loop. */
public interface VenueEndpoint {
    /** Answers or upgrades the request; false if the path is not the venue's. */
    boolean handle(HttpServerRequest request);

    /** How many order book requests got a book. */
    long restSnapshotsServed();
}
