/** Where an edge keeps its durable record. */
@NullMarked
package io.tidemark.contracts.segment;

import org.jspecify.annotations.NullMarked;
