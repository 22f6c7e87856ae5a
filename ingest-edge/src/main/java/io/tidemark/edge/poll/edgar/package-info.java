/** Fundamentals: company facts of the SEC's EDGAR. */
@NullMarked
package io.tidemark.edge.poll.edgar;

import org.jspecify.annotations.NullMarked;
