/** The sealed state of the event lake: reading it, and committing the next generation. */
@NullMarked
package io.tidemark.lake.manifest;

import org.jspecify.annotations.NullMarked;
