/** Where everything meets: claims and offsets of partitions, the transaction of a batch, status and health. */
@NullMarked
package io.tidemark.store.consume;

import org.jspecify.annotations.NullMarked;
