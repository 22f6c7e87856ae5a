@NullMarked
package io.tidemark.edge.rate;

import org.jspecify.annotations.NullMarked;
