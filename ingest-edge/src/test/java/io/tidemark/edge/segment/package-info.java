@NullMarked
package io.tidemark.edge.segment;

import org.jspecify.annotations.NullMarked;
