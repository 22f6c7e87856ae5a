/** Writing event files. */
@NullMarked
package io.tidemark.contracts.files.write;

import org.jspecify.annotations.NullMarked;
