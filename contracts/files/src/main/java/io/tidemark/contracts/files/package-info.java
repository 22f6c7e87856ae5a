/** The Parquet file format of Tidemark: its schemas, one writer, one reader. */
@NullMarked
package io.tidemark.contracts.files;

import org.jspecify.annotations.NullMarked;
