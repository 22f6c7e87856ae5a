/** Kinds of failure, and how a failed start is explained. */
@NullMarked
package io.tidemark.contracts.failure;

import org.jspecify.annotations.NullMarked;
