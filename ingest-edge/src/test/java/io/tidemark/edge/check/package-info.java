@NullMarked
package io.tidemark.edge.check;

import org.jspecify.annotations.NullMarked;
