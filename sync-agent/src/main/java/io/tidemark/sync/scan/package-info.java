/** What lies below an edge's ready folder, and what its hour manifests say of it. */
@NullMarked
package io.tidemark.sync.scan;

import org.jspecify.annotations.NullMarked;
