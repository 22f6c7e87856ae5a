/** PostgreSQL: where it is, transactions with a deadline, and what its errors mean. */
@NullMarked
package io.tidemark.store.database;

import org.jspecify.annotations.NullMarked;
