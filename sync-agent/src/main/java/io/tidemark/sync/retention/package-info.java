/** Deletes at the edge what is proven to be at the target. */
@NullMarked
package io.tidemark.sync.retention;

import org.jspecify.annotations.NullMarked;
