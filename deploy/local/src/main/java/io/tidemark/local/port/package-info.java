@NullMarked
package io.tidemark.local.port;

import org.jspecify.annotations.NullMarked;
