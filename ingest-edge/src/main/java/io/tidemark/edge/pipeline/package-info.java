/** The composition of the whole edge: what starts when, what stops when. */
@NullMarked
package io.tidemark.edge.pipeline;

import org.jspecify.annotations.NullMarked;
