/** Options of Deribit, by its public REST interface. */
@NullMarked
package io.tidemark.edge.poll.deribit;

import org.jspecify.annotations.NullMarked;
