@NullMarked
package io.tidemark.sync;

import org.jspecify.annotations.NullMarked;
