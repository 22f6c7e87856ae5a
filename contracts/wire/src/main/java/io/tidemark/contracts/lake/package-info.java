/** Where the central lake keeps what, and how it proves it. */
@NullMarked
package io.tidemark.contracts.lake;

import org.jspecify.annotations.NullMarked;
