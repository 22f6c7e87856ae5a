/**
 * Kraken's WebSocket protocol v2. Source: docs.kraken.com, "Spot WebSocket (v2)" (book, trade, ticker, ohlc) and its
 * guide "Book checksum (WebSocket v2)".
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.edge.venue.kraken;
