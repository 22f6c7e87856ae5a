/** Reading event files. */
@NullMarked
package io.tidemark.contracts.files.read;

import org.jspecify.annotations.NullMarked;
