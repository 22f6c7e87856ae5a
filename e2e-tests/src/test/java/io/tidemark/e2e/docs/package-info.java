@NullMarked
package io.tidemark.e2e.docs;

import org.jspecify.annotations.NullMarked;
