/** One connection per source: its life, its frames in order, and what a venue has to say of itself. */
@NullMarked
package io.tidemark.edge.feed;

import org.jspecify.annotations.NullMarked;
