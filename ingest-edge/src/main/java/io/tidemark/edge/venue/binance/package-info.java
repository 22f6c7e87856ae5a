/** What Binance spot and Binance.US speak: streams, messages, order book rules. */
@NullMarked
package io.tidemark.edge.venue.binance;

import org.jspecify.annotations.NullMarked;
