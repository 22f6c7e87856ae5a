@NullMarked
package io.tidemark.e2e.stack;

import org.jspecify.annotations.NullMarked;
