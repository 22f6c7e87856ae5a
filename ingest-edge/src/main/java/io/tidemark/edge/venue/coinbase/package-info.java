/**
 * Coinbase Exchange. Source: docs.cdp.coinbase.com, "Exchange WebSocket": overview, channels (matches, ticker, level2,
 * heartbeat), errors and rate limits; recorded frames of 2021.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.edge.venue.coinbase;
