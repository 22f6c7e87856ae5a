/** What is known to be at the target: the receipts. */
@NullMarked
package io.tidemark.sync.ledger;

import org.jspecify.annotations.NullMarked;
