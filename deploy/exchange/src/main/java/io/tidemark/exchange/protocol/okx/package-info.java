@NullMarked
package io.tidemark.exchange.protocol.okx;

import org.jspecify.annotations.NullMarked;
