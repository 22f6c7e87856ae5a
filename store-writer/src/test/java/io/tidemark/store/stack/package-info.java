/** The packaged writer with a real broker and a real database, for tests that look from outside. */
@NullMarked
package io.tidemark.store.stack;

import org.jspecify.annotations.NullMarked;
