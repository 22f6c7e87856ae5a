/** Schema migrations and month partitions. */
@NullMarked
package io.tidemark.store.migrate;

import org.jspecify.annotations.NullMarked;
