/** Order books kept at the edge: both sides of one instrument, exact, without any venue's rules. */
@org.jspecify.annotations.NullMarked
package io.tidemark.edge.book;
