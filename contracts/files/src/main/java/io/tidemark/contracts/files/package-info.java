@NullMarked
package io.tidemark.contracts.files;

import org.jspecify.annotations.NullMarked;
