@NullMarked
package io.tidemark.edge.log;

import org.jspecify.annotations.NullMarked;
