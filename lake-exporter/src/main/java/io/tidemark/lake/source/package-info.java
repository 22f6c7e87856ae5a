/** What edges brought to the lake: raw segments by receive hour. */
@NullMarked
package io.tidemark.lake.source;

import org.jspecify.annotations.NullMarked;
