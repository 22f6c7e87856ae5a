@NullMarked
package io.tidemark.exchange.replay;

import org.jspecify.annotations.NullMarked;
