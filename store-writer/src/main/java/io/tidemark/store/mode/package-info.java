/** Which sinks are written: the mode row and its epoch. */
@NullMarked
package io.tidemark.store.mode;

import org.jspecify.annotations.NullMarked;
