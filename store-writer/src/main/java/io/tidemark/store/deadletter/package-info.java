/** Records that can never become rows: the outbox and its publisher. */
@NullMarked
package io.tidemark.store.deadletter;

import org.jspecify.annotations.NullMarked;
