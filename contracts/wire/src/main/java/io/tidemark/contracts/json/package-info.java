/** Canonical JSON: the same value is always the same bytes. */
@NullMarked
package io.tidemark.contracts.json;

import org.jspecify.annotations.NullMarked;
