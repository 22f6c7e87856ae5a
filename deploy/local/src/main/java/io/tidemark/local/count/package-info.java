@NullMarked
package io.tidemark.local.count;

import org.jspecify.annotations.NullMarked;
