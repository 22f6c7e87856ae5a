/** Where segments are brought: one interface, and a folder as its first kind. */
@NullMarked
package io.tidemark.sync.target;

import org.jspecify.annotations.NullMarked;
