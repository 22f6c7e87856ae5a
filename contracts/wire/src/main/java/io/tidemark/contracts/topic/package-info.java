/** Kafka topic names, keys and headers. */
@NullMarked
package io.tidemark.contracts.topic;

import org.jspecify.annotations.NullMarked;
