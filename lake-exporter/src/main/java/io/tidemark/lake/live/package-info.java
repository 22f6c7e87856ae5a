/** The provisional tail of the lake: what Kafka delivered and is not sealed yet. Never called sealed. */
@NullMarked
package io.tidemark.lake.live;

import org.jspecify.annotations.NullMarked;
