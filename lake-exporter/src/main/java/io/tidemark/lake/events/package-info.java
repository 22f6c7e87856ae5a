/** From raw segments to the events of one instrument, sorted and without repeats. */
@NullMarked
package io.tidemark.lake.events;

import org.jspecify.annotations.NullMarked;
