/**
 * Coinbase Advanced Trade. Source: docs.cdp.coinbase.com, "Advanced Trade WebSocket": channels (level2, market_trades,
 * ticker, candles, heartbeats), overview and rate limits; recorded frames of 2026.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.edge.venue.coinbaseadvanced;
