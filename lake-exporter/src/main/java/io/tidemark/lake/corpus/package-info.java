/** The global corpus of candles. */
@NullMarked
package io.tidemark.lake.corpus;

import org.jspecify.annotations.NullMarked;
