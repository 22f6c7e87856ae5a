/**
 * OKX v5. Source: okx.com, "API v5 guide": WebSocket overview (connection limits, ping and pong), public data channels
 * tickers, trades, order book (checksum, seqId and prevSeqId), candlesticks; recorded frames of 2022. Since 2026 the
 * venue sends checksum 0 and the numbers of the messages are the only proof.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.edge.venue.okx;
