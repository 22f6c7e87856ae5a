@NullMarked
package io.tidemark.exchange.protocol.coinbase;

import org.jspecify.annotations.NullMarked;
