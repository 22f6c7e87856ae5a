/** Windows around alerts, and the alerts themselves. */
@NullMarked
package io.tidemark.lake.slice;

import org.jspecify.annotations.NullMarked;
