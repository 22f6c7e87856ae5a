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
    private final TextCache texts = new TextCache();
    private final ThreadLocal<BarWire> wires = ThreadLocal.withInitial(() -> new BarWire(texts));
    private volatile String lastTimeframe = "";

    BarDecoder(String tenant, String timeframe, InstantSource clock) {
        this.fields = new Fields(tenant, clock);
        this.timeframe = timeframe;
    }

    BarRow decode(Inbound inbound) throws NotARow {
        BarWire wire = wires.get();
        byte[] value = inbound.value();
        if (value == null || !wire.read(value)) {
            fill(wire, fields.event(inbound, Envelope.EventCase.BAR));
        }
        Fields.version(wire.schemaVersion);
        BarRow row = new BarRow(
                fields.tenant(wire.tenant),
                Fields.name("vendor", wire.vendor),
                Fields.name("symbol", wire.symbol),
                interval(Fields.name("timeframe", wire.timeframe.isEmpty() ? timeframe : wire.timeframe)),
                micros(fields.time("opening time", wire.openTime)),
                Fields.name("source", wire.source),
                wire.open,
                wire.high,
                wire.low,
                Fields.needed("close", wire.close),
                notNegative("volume", wire.volume),
                notNegative("quote volume", wire.quoteVolume),
                Fields.count("trade count", wire.tradeCount),
                Integer.toUnsignedLong(wire.revision),
                wire.complete,
                wire.rounded,
                Fields.name("edge", wire.edge),
                inbound);
        checkShape(row);
        return row;
    }

    /** The slow and certain way. */
    private static void fill(BarWire wire, Envelope event) throws NotARow {
        Bar bar = event.getBar();
        wire.schemaVersion = event.getSchemaVersion();
        wire.tenant = event.getTenant();
        wire.edge = event.getEdge();
        wire.source = event.getSource();
        wire.symbol = event.getSymbol();
        wire.timeframe = bar.getTimeframe();
        wire.vendor = bar.getVendor();
        wire.openTime = bar.getOpenTime();
        wire.tradeCount = bar.getTradeCount();
        wire.revision = bar.getRevision();
        wire.complete = bar.getComplete();
        wire.rounded = bar.getRounded();
        wire.open = Fields.decimal("open", bar.getOpen());
        wire.high = Fields.decimal("high", bar.getHigh());
        wire.low = Fields.decimal("low", bar.getLow());
        wire.close = Fields.decimal("close", bar.getClose());
        wire.volume = Fields.decimal("volume", bar.getVolume());
        wire.quoteVolume = Fields.decimal("quote volume", bar.getQuoteVolume());
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
