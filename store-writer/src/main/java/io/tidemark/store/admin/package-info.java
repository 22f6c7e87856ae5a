/** What an operator asks and orders, by command or over HTTP. */
@NullMarked
package io.tidemark.store.admin;

import org.jspecify.annotations.NullMarked;
