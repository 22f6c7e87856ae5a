@NullMarked
package io.tidemark.exchange;

import org.jspecify.annotations.NullMarked;
