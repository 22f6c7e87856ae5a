/** One file from the edge to the target, verified, retried, at a limited rate. */
@NullMarked
package io.tidemark.sync.transfer;

import org.jspecify.annotations.NullMarked;
