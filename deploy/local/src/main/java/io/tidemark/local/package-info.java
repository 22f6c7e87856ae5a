@NullMarked
package io.tidemark.local;

import org.jspecify.annotations.NullMarked;
