/** News feeds: RSS 2.0 and Atom. */
@NullMarked
package io.tidemark.edge.poll.news;

import org.jspecify.annotations.NullMarked;
