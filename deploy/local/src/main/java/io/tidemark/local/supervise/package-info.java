@NullMarked
package io.tidemark.local.supervise;

import org.jspecify.annotations.NullMarked;
