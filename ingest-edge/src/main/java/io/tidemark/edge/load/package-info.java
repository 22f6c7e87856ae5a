/** Histories from files, by the same way as live events. */
@NullMarked
package io.tidemark.edge.load;

import org.jspecify.annotations.NullMarked;
