package io.tidemark.store.sink;

import io.tidemark.store.write.Inbound;

/**
 * A record that can never become a row.
 *
 * @param reason a word of a closed list, for counting
 * @param detail what exactly is wrong
 */
public record Rejected(Inbound origin, String reason, String detail) {}
