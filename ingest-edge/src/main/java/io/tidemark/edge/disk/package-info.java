/** What the edge does as its disk fills up: delete what is synced, record less, record nothing. */
@NullMarked
package io.tidemark.edge.disk;

import org.jspecify.annotations.NullMarked;
