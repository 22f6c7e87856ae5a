@NullMarked
package io.tidemark.exchange.recording;

import org.jspecify.annotations.NullMarked;
