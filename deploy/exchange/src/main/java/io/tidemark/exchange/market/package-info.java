@NullMarked
package io.tidemark.exchange.market;

import org.jspecify.annotations.NullMarked;
