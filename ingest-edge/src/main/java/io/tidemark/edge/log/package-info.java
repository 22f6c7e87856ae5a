/** The edge's durable record: one append-only log per source, its recovery and its readers. */
@NullMarked
package io.tidemark.edge.log;

import org.jspecify.annotations.NullMarked;
