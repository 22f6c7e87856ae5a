/** Streams, identities and the encoding of events. */
@NullMarked
package io.tidemark.contracts.event;

import org.jspecify.annotations.NullMarked;
