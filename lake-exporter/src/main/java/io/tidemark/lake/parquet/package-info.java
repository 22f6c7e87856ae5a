/** Sealed files of event hours. */
@NullMarked
package io.tidemark.lake.parquet;

import org.jspecify.annotations.NullMarked;
