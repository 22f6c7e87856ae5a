package io.tidemark.store.sink;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.store.write.Inbound;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record's value as a bar and refuses what the tables could not hold or no market could make.
 *
 * <p>A missing tenant or timeframe is filled in from the settings; everything else of the key has to be there.
 */
final class BarDecoder {
    private static final long NANOS_PER_MICRO = 1_000;

    private final Fields fields;
    private final String timeframe;
    private volatile String lastTimeframe = "";

    BarDecoder(String tenant, String timeframe, InstantSource clock) {
        this.fields = new Fields(tenant, clock);
        this.timeframe = timeframe;
    }

    BarRow decode(Inbound inbound) throws NotARow {
        Envelope event = fields.event(inbound, Envelope.EventCase.BAR);
        Bar bar = event.getBar();
        BarRow row = new BarRow(
                fields.tenant(event),
                Fields.name("vendor", bar.getVendor()),
                Fields.name("symbol", event.getSymbol()),
                interval(Fields.name("timeframe", bar.getTimeframe().isEmpty() ? timeframe : bar.getTimeframe())),
                micros(fields.time("opening time", bar.getOpenTime())),
                Fields.name("source", event.getSource()),
                Fields.decimal("open", bar.getOpen()),
                Fields.decimal("high", bar.getHigh()),
                Fields.decimal("low", bar.getLow()),
                Fields.needed("close", bar.getClose()),
                notNegative("volume", Fields.decimal("volume", bar.getVolume())),
                notNegative(
                        "quote volume",
                        bar.hasQuoteVolume() ? Fields.decimal("quote volume", bar.getQuoteVolume()) : null),
                Fields.count("trade count", bar.getTradeCount()),
                Integer.toUnsignedLong(bar.getRevision()),
                bar.getComplete(),
                bar.getRounded(),
                Fields.name("edge", event.getEdge()),
                inbound);
        checkShape(row);
        return row;
    }

    private String interval(String value) throws NotARow {
        // Nearly every record has the one before's.
        if (value.equals(lastTimeframe)) {
            return lastTimeframe;
        }
        if (!Channel.INTERVAL.matcher(value).matches()) {
            throw new NotARow("timeframe", "\"" + value + "\" is no timeframe (such as 1s, 1m, 4h)");
        }
        lastTimeframe = value;
        return value;
    }

    private static long micros(long nanos) throws NotARow {
        if (nanos % NANOS_PER_MICRO != 0) {
            throw new NotARow("time-out-of-range", "the opening time " + nanos + " ns is no whole microsecond");
        }
        return nanos;
    }

    private static @Nullable Decimal38 notNegative(String field, @Nullable Decimal38 value) throws NotARow {
        if (value != null && value.signum() < 0) {
            throw new NotARow("impossible-bar", "the " + field + " " + value + " is negative");
        }
        return value;
    }

    private static void checkShape(BarRow row) throws NotARow {
        notAbove("low", row.low(), "high", row.high());
        notAbove("low", row.low(), "open", row.open());
        notAbove("low", row.low(), "close", row.close());
        notAbove("open", row.open(), "high", row.high());
        notAbove("close", row.close(), "high", row.high());
    }

    private static void notAbove(
            String lowerName, @Nullable Decimal38 lower, String upperName, @Nullable Decimal38 upper) throws NotARow {
        if (lower != null && upper != null && lower.compareTo(upper) > 0) {
            throw new NotARow(
                    "impossible-bar", "the " + lowerName + " " + lower + " is above the " + upperName + " " + upper);
        }
    }
}
