/**
 * Kraken's WebSocket protocol v1. Source: docs.kraken.com, "Spot WebSocket (v1)" (book, trade, spread, ticker, ohlc)
 * and its guide "Book checksum (WebSocket v1)"; recorded frames of 2021.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.edge.venue.krakenv1;
