@NullMarked
package io.tidemark.exchange.protocol.kraken;

import org.jspecify.annotations.NullMarked;
