/** Schemas of raw and lake files, and how an event becomes a row. */
@NullMarked
package io.tidemark.contracts.files.schema;

import org.jspecify.annotations.NullMarked;
