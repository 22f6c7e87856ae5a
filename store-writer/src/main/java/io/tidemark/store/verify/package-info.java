/** Comparing the two bar tables, putting them right, and proving that both sinks write the same. */
@NullMarked
package io.tidemark.store.verify;

import org.jspecify.annotations.NullMarked;
