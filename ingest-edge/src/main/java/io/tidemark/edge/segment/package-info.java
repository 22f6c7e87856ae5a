/** Turns sealed logs into verified Parquet segments below {@code ready/}, and says which hours are complete. */
@NullMarked
package io.tidemark.edge.segment;

import org.jspecify.annotations.NullMarked;
