@NullMarked
package io.tidemark.exchange.emission;

import org.jspecify.annotations.NullMarked;
