/** Proves that a data folder is whole, names what is not, and puts right what can be. */
@NullMarked
package io.tidemark.edge.check;

import org.jspecify.annotations.NullMarked;
