package io.tidemark.contracts.event;

import io.tidemark.contracts.proto.Envelope;

/**
 * What all events of one stream in one incarnation share, with its bytes encoded once.
 *
 * <p>{@link EventEncoder} copies the bytes in front of each event; a reader finds the same fields in the
 * {@link Envelope}. Immutable.
 */
public final class StreamHead {
    /** Written into every event; raised when a reader must do something different. */
    public static final int SCHEMA_VERSION = 1;

    private final String tenant;
    private final String edge;
    private final long incarnation;
    private final String source;
    private final String channel;
    private final String symbol;
    private final String venueSymbol;
    private final Connector connector;
    private final Channel kind;
    private final byte[] bytes;

    /** Throws {@link IllegalArgumentException} for a channel that is not on the list or an empty name. */
    public StreamHead(
            String tenant,
            String edge,
            long incarnation,
            String source,
            String channel,
            String symbol,
            String venueSymbol,
            Connector connector) {
        if (tenant.isEmpty() || edge.isEmpty() || source.isEmpty() || symbol.isEmpty() || incarnation < 0) {
            throw new IllegalArgumentException("tenant, edge, source and symbol must not be empty: " + tenant + ", "
                    + edge + ", " + source + ", " + symbol);
        }
        this.kind = Channel.of(channel);
        this.tenant = tenant;
        this.edge = edge;
        this.incarnation = incarnation;
        this.source = source;
        this.channel = channel;
        this.symbol = symbol;
        this.venueSymbol = venueSymbol;
        this.connector = connector;
        this.bytes = Envelope.newBuilder()
                .setSchemaVersion(SCHEMA_VERSION)
                .setTenant(tenant)
                .setEdge(edge)
                .setIncarnation(incarnation)
                .setSource(source)
                .setChannel(channel)
                .setSymbol(symbol)
                .setVenueSymbol(venueSymbol)
                .setConnector(connector.label())
                .build()
                .toByteArray();
    }

    public String tenant() {
        return tenant;
    }

    public String edge() {
        return edge;
    }

    public long incarnation() {
        return incarnation;
    }

    public String source() {
        return source;
    }

    public String channel() {
        return channel;
    }

    public Channel kind() {
        return kind;
    }

    public String symbol() {
        return symbol;
    }

    public String venueSymbol() {
        return venueSymbol;
    }

    public Connector connector() {
        return connector;
    }

    /** The encoded fields; not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    public Identity identity(long sequence) {
        return new Identity(edge, incarnation, source, channel, symbol, sequence);
    }
}
