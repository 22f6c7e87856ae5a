/** Feeds Kafka from the log, family by family, and remembers how far it came. */
@NullMarked
package io.tidemark.edge.forward;

import org.jspecify.annotations.NullMarked;
