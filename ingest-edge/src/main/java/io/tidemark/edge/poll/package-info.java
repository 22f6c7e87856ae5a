/** Sources that are asked again and again because they have no stream. */
@NullMarked
package io.tidemark.edge.poll;

import org.jspecify.annotations.NullMarked;
