package io.tidemark.edge.forward;

import io.tidemark.contracts.topic.Topics;

/** Says whether one more record of a family may go to Kafka now. Asked by the forwarder's thread. */
public interface SendRate {
    SendRate UNLIMITED = family -> true;

    /** Takes one record's leave; false when it has to wait in the log. */
    boolean mayTake(Topics family);
}
