/** From a record's bytes to rows, and from rows to tables: one sink per table. */
@NullMarked
package io.tidemark.store.sink;

import org.jspecify.annotations.NullMarked;
