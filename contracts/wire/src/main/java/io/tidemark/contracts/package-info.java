@NullMarked
package io.tidemark.contracts;

import org.jspecify.annotations.NullMarked;
