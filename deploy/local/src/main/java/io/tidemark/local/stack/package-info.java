@NullMarked
package io.tidemark.local.stack;

import org.jspecify.annotations.NullMarked;
