package io.tidemark.contracts.topic;

/** Names of the Kafka headers of a record; their values are UTF-8 text, numbers in decimal. */
public final class Headers {
    public static final String TENANT = "tidemark-tenant";
    public static final String SCHEMA_VERSION = "tidemark-schema-version";
    /** Identity: edge, incarnation, channel and sequence; source and symbol stand in the key. */
    public static final String EDGE = "tidemark-edge";

    public static final String INCARNATION = "tidemark-incarnation";
    public static final String CHANNEL = "tidemark-channel";
    public static final String SEQUENCE = "tidemark-sequence";
    /** The log segment (a UUID) that holds the record at the edge. */
    public static final String SEGMENT = "tidemark-segment";

    private Headers() {}
}
