/** Obeying what consumers say they can take. The durable record is never thinned by it. */
@NullMarked
package io.tidemark.edge.rate;

import org.jspecify.annotations.NullMarked;
