package io.tidemark.store.deadletter;

/** Headers of a record on the dead-letter topic; key and value are the original bytes. */
final class DeadLetterHeaders {
    static final String REASON = "tidemark-dead-reason";
    static final String DETAIL = "tidemark-dead-detail";
    static final String TOPIC = "tidemark-origin-topic";
    static final String PARTITION = "tidemark-origin-partition";
    static final String OFFSET = "tidemark-origin-offset";
    /** On a record that was sent again to its own topic: topic/partition@offset where it was refused. */
    static final String REPLAY_OF = "tidemark-replay-of";

    private DeadLetterHeaders() {}
}
