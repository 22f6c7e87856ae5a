/** Exact decimals: precision 38, scale 18, from a venue's text to a file's sixteen bytes. */
@NullMarked
package io.tidemark.contracts.decimal;

import org.jspecify.annotations.NullMarked;
