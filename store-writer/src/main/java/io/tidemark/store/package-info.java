/** The store-writer's commands: serve (the default) and status. */
@NullMarked
package io.tidemark.store;

import org.jspecify.annotations.NullMarked;
