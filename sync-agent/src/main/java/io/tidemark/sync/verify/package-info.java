/** Reads everything at the target again and compares it with its receipts. */
@NullMarked
package io.tidemark.sync.verify;

import org.jspecify.annotations.NullMarked;
