@NullMarked
package io.tidemark.exchange.protocol.binance;

import org.jspecify.annotations.NullMarked;
