package io.tidemark.contracts.event;

import com.google.protobuf.ByteString;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.proto.Envelope;

/** Reading what every {@link Envelope} has. */
public final class Events {
    private Events() {}

    /** Exchange time where the venue gave one, otherwise receive time; nanoseconds since 1970 UTC. */
    public static long eventTime(Envelope event) {
        return event.hasExchangeTime() ? event.getExchangeTime() : event.getReceiveTime();
    }

    /** The value of a decimal field. Throws {@link IllegalArgumentException} when the bytes are no decimal. */
    public static Decimal38 decimal(ByteString field) {
        return Decimal38.ofWire(field.toByteArray());
    }

    public static ByteString decimal(Decimal38 value) {
        return ByteString.copyFrom(value.toWire());
    }

    public static ByteString decimal(String text) {
        return decimal(Decimal38.of(text));
    }

    public static StreamHead head(Envelope event) {
        return new StreamHead(
                event.getTenant(),
                event.getEdge(),
                event.getIncarnation(),
                event.getSource(),
                event.getChannel(),
                event.getSymbol(),
                event.getVenueSymbol(),
                Connector.of(event.getConnector()));
    }
}
