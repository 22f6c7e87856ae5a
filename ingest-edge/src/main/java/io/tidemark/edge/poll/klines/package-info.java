/** Candles of Binance and Binance.US. */
@NullMarked
package io.tidemark.edge.poll.klines;

import org.jspecify.annotations.NullMarked;
