package io.tidemark.store.sink;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.StreamHead;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.store.write.Inbound;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Reads and checks what records of every family have in common; what fails is a {@link NotARow}. */
final class Fields {
    private static final int LONGEST_NAME = 200;
    private static final long AHEAD_NANOS = Duration.ofDays(1).toNanos();

    private final String tenant;
    private final InstantSource clock;

    /** {@code tenant} is that of records that name none. */
    Fields(String tenant, InstantSource clock) {
        this.tenant = tenant;
        this.clock = clock;
    }

    Envelope event(Inbound inbound, Envelope.EventCase kind) throws NotARow {
        if (inbound.value() == null) {
            throw new NotARow("undecodable", "the record has no value");
        }
        Envelope event;
        try {
            event = Envelope.parseFrom(inbound.value());
        } catch (InvalidProtocolBufferException e) {
            throw new NotARow("undecodable", String.valueOf(e.getMessage()));
        }
        version(event.getSchemaVersion());
        if (event.getEventCase() != kind) {
            throw new NotARow("wrong-kind", "the event is " + event.getEventCase() + ", not " + kind);
        }
        return event;
    }

    static void version(int version) throws NotARow {
        if (version != StreamHead.SCHEMA_VERSION) {
            throw new NotARow("schema-version", "schema version " + version + " is not " + StreamHead.SCHEMA_VERSION);
        }
    }

    /** The record's own, or the one of the settings. */
    String tenant(String own) throws NotARow {
        return name("tenant", own.isEmpty() ? tenant : own);
    }

    /** A text that has to be there and is short enough for a key. */
    static String name(String field, String value) throws NotARow {
        if (value.isEmpty()) {
            throw new NotARow("missing-field", "the " + field + " is missing");
        }
        return text(field, value, LONGEST_NAME);
    }

    /** A text that may be empty. */
    static String text(String field, String value, int longest) throws NotARow {
        if (value.indexOf('\0') >= 0) {
            throw new NotARow("nul-in-text", "the " + field + " holds a NUL character");
        }
        if (value.length() > longest) {
            throw new NotARow("too-long", "the " + field + " has " + value.length() + " characters");
        }
        return value;
    }

    /** Not before 1970 and at most a day ahead. */
    long time(String field, long nanos) throws NotARow {
        Instant now = clock.instant();
        long nowNanos = Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
        if (nanos < 0 || nanos > nowNanos + AHEAD_NANOS) {
            throw new NotARow(
                    "time-out-of-range", "the " + field + " " + nanos + " ns is before 1970 or over a day ahead");
        }
        return nanos;
    }

    /** Null when the field is empty. */
    static @Nullable Decimal38 decimal(String field, ByteString bytes) throws NotARow {
        if (bytes.isEmpty()) {
            return null;
        }
        try {
            return Events.decimal(bytes);
        } catch (IllegalArgumentException e) {
            throw new NotARow("decimal", "the " + field + " does not fit: " + e.getMessage());
        }
    }

    /** A decimal that has to be there. */
    static Decimal38 needed(String field, @Nullable Decimal38 value) throws NotARow {
        if (value == null) {
            throw new NotARow("missing-field", "the " + field + " is missing");
        }
        return value;
    }

    /** A decimal that is not below zero, or null. */
    static @Nullable Decimal38 size(String field, ByteString bytes) throws NotARow {
        Decimal38 value = decimal(field, bytes);
        return value == null ? null : notNegative(field, value);
    }

    static Decimal38 notNegative(String field, Decimal38 value) throws NotARow {
        if (value.signum() < 0) {
            throw new NotARow("negative", "the " + field + " " + value + " is negative");
        }
        return value;
    }

    /** A count that fits the database's signed 64 bits. */
    static long count(String field, long value) throws NotARow {
        if (value < 0) {
            throw new NotARow("too-large", "the " + field + " " + Long.toUnsignedString(value) + " does not fit");
        }
        return value;
    }
}
