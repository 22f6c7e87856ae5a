@NullMarked
package io.tidemark.edge.disk;

import org.jspecify.annotations.NullMarked;
