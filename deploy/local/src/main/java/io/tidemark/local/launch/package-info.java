@NullMarked
package io.tidemark.local.launch;

import org.jspecify.annotations.NullMarked;
