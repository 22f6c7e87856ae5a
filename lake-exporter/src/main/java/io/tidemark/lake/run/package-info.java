/** Composes an export: lock, inputs, events, files, one commit. */
@NullMarked
package io.tidemark.lake.run;

import org.jspecify.annotations.NullMarked;
