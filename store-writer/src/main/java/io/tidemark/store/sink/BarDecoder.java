package io.tidemark.store.sink;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.StreamHead;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.store.write.Inbound;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record's value as a bar and refuses what the tables could not hold or no market could make.
 *
 * <p>A missing tenant or timeframe is filled in from the settings; everything else of the key has to be there.
 */
final class BarDecoder {
    private static final int LONGEST_TEXT = 200;
    private static final long AHEAD_NANOS = Duration.ofDays(1).toNanos();
    private static final long NANOS_PER_MICRO = 1_000;

    private final String tenant;
    private final String timeframe;
    private final InstantSource clock;

    BarDecoder(String tenant, String timeframe, InstantSource clock) {
        this.tenant = tenant;
        this.timeframe = timeframe;
        this.clock = clock;
    }

    /** Why a record is no bar. */
    static final class NotABar extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        NotABar(String reason, String detail) {
            super(detail, null, false, false);
            this.reason = reason;
        }

        Rejected of(Inbound origin) {
            return new Rejected(origin, reason, String.valueOf(getMessage()));
        }
    }

    BarRow decode(Inbound inbound) throws NotABar {
        if (inbound.value() == null) {
            throw new NotABar("undecodable", "the record has no value");
        }
        Envelope event;
        try {
            event = Envelope.parseFrom(inbound.value());
        } catch (InvalidProtocolBufferException e) {
            throw new NotABar("undecodable", String.valueOf(e.getMessage()));
        }
        if (event.getSchemaVersion() != StreamHead.SCHEMA_VERSION) {
            throw new NotABar(
                    "schema-version",
                    "schema version " + event.getSchemaVersion() + " is not " + StreamHead.SCHEMA_VERSION);
        }
        if (event.getEventCase() != Envelope.EventCase.BAR) {
            throw new NotABar("wrong-kind", "the event is " + event.getEventCase() + ", not BAR");
        }
        Bar bar = event.getBar();
        BarRow row = new BarRow(
                text("tenant", event.getTenant().isEmpty() ? tenant : event.getTenant()),
                text("vendor", bar.getVendor()),
                text("symbol", event.getSymbol()),
                interval(text("timeframe", bar.getTimeframe().isEmpty() ? timeframe : bar.getTimeframe())),
                time(bar.getOpenTime()),
                text("source", event.getSource()),
                decimal("open", bar.getOpen()),
                decimal("high", bar.getHigh()),
                decimal("low", bar.getLow()),
                close(bar.getClose()),
                notNegative("volume", decimal("volume", bar.getVolume())),
                notNegative(
                        "quote volume", bar.hasQuoteVolume() ? decimal("quote volume", bar.getQuoteVolume()) : null),
                count(bar.getTradeCount()),
                Integer.toUnsignedLong(bar.getRevision()),
                bar.getComplete(),
                bar.getRounded(),
                text("edge", event.getEdge()),
                inbound);
        checkShape(row);
        return row;
    }

    private static String text(String field, String value) throws NotABar {
        if (value.isEmpty()) {
            throw new NotABar("missing-field", "the " + field + " is missing");
        }
        if (value.indexOf('\0') >= 0) {
            throw new NotABar("nul-in-text", "the " + field + " holds a NUL character");
        }
        if (value.length() > LONGEST_TEXT) {
            throw new NotABar("too-long", "the " + field + " has " + value.length() + " characters");
        }
        return value;
    }

    private static String interval(String value) throws NotABar {
        if (!Channel.INTERVAL.matcher(value).matches()) {
            throw new NotABar("timeframe", "\"" + value + "\" is no timeframe (such as 1s, 1m, 4h)");
        }
        return value;
    }

    private long time(long nanos) throws NotABar {
        Instant now = clock.instant();
        long nowNanos = Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
        if (nanos < 0 || nanos > nowNanos + AHEAD_NANOS) {
            throw new NotABar(
                    "time-out-of-range", "the opening time " + nanos + " ns is before 1970 or over a day ahead");
        }
        if (nanos % NANOS_PER_MICRO != 0) {
            throw new NotABar("time-out-of-range", "the opening time " + nanos + " ns is no whole microsecond");
        }
        return nanos;
    }

    private static @Nullable Decimal38 decimal(String field, ByteString bytes) throws NotABar {
        if (bytes.isEmpty()) {
            return null;
        }
        try {
            return Events.decimal(bytes);
        } catch (IllegalArgumentException e) {
            throw new NotABar("decimal", "the " + field + " does not fit: " + e.getMessage());
        }
    }

    private static Decimal38 close(ByteString bytes) throws NotABar {
        Decimal38 close = decimal("close", bytes);
        if (close == null) {
            throw new NotABar("missing-field", "the close is missing");
        }
        return close;
    }

    private static @Nullable Decimal38 notNegative(String field, @Nullable Decimal38 value) throws NotABar {
        if (value != null && value.signum() < 0) {
            throw new NotABar("impossible-bar", "the " + field + " " + value + " is negative");
        }
        return value;
    }

    private static long count(long trades) throws NotABar {
        if (trades < 0) {
            throw new NotABar("too-large", "the trade count " + Long.toUnsignedString(trades) + " does not fit");
        }
        return trades;
    }

    private static void checkShape(BarRow row) throws NotABar {
        notAbove("low", row.low(), "high", row.high());
        notAbove("low", row.low(), "open", row.open());
        notAbove("low", row.low(), "close", row.close());
        notAbove("open", row.open(), "high", row.high());
        notAbove("close", row.close(), "high", row.high());
    }

    private static void notAbove(
            String lowerName, @Nullable Decimal38 lower, String upperName, @Nullable Decimal38 upper) throws NotABar {
        if (lower != null && upper != null && lower.compareTo(upper) > 0) {
            throw new NotABar(
                    "impossible-bar", "the " + lowerName + " " + lower + " is above the " + upperName + " " + upper);
        }
    }
}
