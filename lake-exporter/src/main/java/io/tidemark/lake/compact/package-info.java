/** Many small sealed files of an hour become one. */
@NullMarked
package io.tidemark.lake.compact;

import org.jspecify.annotations.NullMarked;
