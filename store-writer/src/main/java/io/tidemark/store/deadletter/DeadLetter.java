package io.tidemark.store.deadletter;

import io.tidemark.store.write.Inbound;
import io.tidemark.store.write.Partition;

/** A record that can never become a row, with where it came from and why. */
public record DeadLetter(Partition origin, Inbound record, String reason, String detail) {}
