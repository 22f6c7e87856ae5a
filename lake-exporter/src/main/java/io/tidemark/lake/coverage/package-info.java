/** How much of what was asked for there is. */
@NullMarked
package io.tidemark.lake.coverage;

import org.jspecify.annotations.NullMarked;
