@NullMarked
package io.tidemark.edge;

import org.jspecify.annotations.NullMarked;
