@NullMarked
package io.tidemark.edge.forward;

import org.jspecify.annotations.NullMarked;
