/** What the edges are told about the writer's speed. */
@NullMarked
package io.tidemark.store.feedback;

import org.jspecify.annotations.NullMarked;
