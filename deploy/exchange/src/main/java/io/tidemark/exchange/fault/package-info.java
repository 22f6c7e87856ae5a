@NullMarked
package io.tidemark.exchange.fault;

import org.jspecify.annotations.NullMarked;
