/** The Arrow Flight SQL endpoint: SQL over the sealed lake, and no way out of it. */
@NullMarked
package io.tidemark.lake.flight;

import org.jspecify.annotations.NullMarked;
