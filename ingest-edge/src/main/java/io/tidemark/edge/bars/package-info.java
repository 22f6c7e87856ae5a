/** Bars from trades, by exchange time. */
@NullMarked
package io.tidemark.edge.bars;

import org.jspecify.annotations.NullMarked;
