@NullMarked
package io.tidemark.exchange.serve;

import org.jspecify.annotations.NullMarked;
