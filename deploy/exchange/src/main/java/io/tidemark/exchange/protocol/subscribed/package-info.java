@NullMarked
package io.tidemark.exchange.protocol.subscribed;

import org.jspecify.annotations.NullMarked;
