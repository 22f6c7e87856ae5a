/** Between Kafka and the sinks: the bounded queue, its workers, retry, breaker and drain. */
@NullMarked
package io.tidemark.store.write;

import org.jspecify.annotations.NullMarked;
