/** One pass over the ready folder, and the service that repeats it. */
@NullMarked
package io.tidemark.sync.loop;

import org.jspecify.annotations.NullMarked;
