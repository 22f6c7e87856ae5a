package io.tidemark.store.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.OptionRight;
import io.tidemark.contracts.proto.OptionSnapshot;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.write.Inbound;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table {@code options}: one row per contract and time. */
final class OptionsSink extends FactSink<OptionsSink.Row> {
    private static final long LAST_EXPIRY = 7_258_118_400_000_000_000L;

    private final Fields fields;

    OptionsSink(Fields fields, MeterRegistry metrics) {
        super(
                Topics.OPTIONS,
                "options",
                COLUMNS,
                List.of("tenant_id", "source", "contract", "ts", "ts_ns"),
                BY_KEY,
                metrics);
        this.fields = fields;
    }

    /** A snapshot; absent numbers are null. */
    record Row(
            String tenant,
            String source,
            String contract,
            long time,
            String symbol,
            String underlying,
            long expiry,
            Decimal38 strike,
            String right,
            @Nullable Decimal38 bidPrice,
            @Nullable Decimal38 bidSize,
            @Nullable Decimal38 askPrice,
            @Nullable Decimal38 askSize,
            @Nullable Decimal38 lastPrice,
            @Nullable Decimal38 markPrice,
            @Nullable Decimal38 volume,
            @Nullable Decimal38 openInterest,
            @Nullable Decimal38 impliedVolatility,
            @Nullable Decimal38 delta,
            @Nullable Decimal38 gamma,
            @Nullable Decimal38 vega,
            @Nullable Decimal38 theta,
            @Nullable Decimal38 rho,
            @Nullable Decimal38 underlyingPrice,
            boolean rounded,
            String edge,
            long received,
            Inbound origin)
            implements FactRow {}

    private static final Comparator<Row> BY_KEY = Comparator.comparing(Row::tenant, ByteOrder::compare)
            .thenComparing(Row::source, ByteOrder::compare)
            .thenComparing(Row::contract, ByteOrder::compare)
            .thenComparingLong(Row::time);

    private static final List<Column<Row>> COLUMNS = List.of(
            Column.text("tenant_id", Row::tenant),
            Column.text("source", Row::source),
            Column.text("contract", Row::contract),
            Column.time("ts", Row::time),
            Column.whole("ts_ns", Row::time),
            Column.text("symbol", Row::symbol),
            Column.text("underlying", Row::underlying),
            Column.time("expiry", Row::expiry),
            Column.decimal("strike", Row::strike),
            Column.text("option_right", Row::right),
            Column.decimal("bid_price", Row::bidPrice),
            Column.decimal("bid_size", Row::bidSize),
            Column.decimal("ask_price", Row::askPrice),
            Column.decimal("ask_size", Row::askSize),
            Column.decimal("last_price", Row::lastPrice),
            Column.decimal("mark_price", Row::markPrice),
            Column.decimal("volume", Row::volume),
            Column.decimal("open_interest", Row::openInterest),
            Column.decimal("implied_volatility", Row::impliedVolatility),
            Column.decimal("delta", Row::delta),
            Column.decimal("gamma", Row::gamma),
            Column.decimal("vega", Row::vega),
            Column.decimal("theta", Row::theta),
            Column.decimal("rho", Row::rho),
            Column.decimal("underlying_price", Row::underlyingPrice),
            Column.flag("rounded", Row::rounded),
            Column.text("edge", Row::edge),
            Column.whole("received_ns", Row::received));

    @Override
    Row read(Inbound inbound) throws NotARow {
        Envelope event = fields.event(inbound, Envelope.EventCase.OPTION);
        OptionSnapshot option = event.getOption();
        return new Row(
                fields.tenant(event.getTenant()),
                Fields.name("source", event.getSource()),
                Fields.name("contract", option.getContract()),
                fields.time("event time", Events.eventTime(event)),
                Fields.name("symbol", event.getSymbol()),
                Fields.name("underlying", option.getUnderlying()),
                expiry(option.getExpiry()),
                Fields.notNegative("strike", Fields.needed("strike", Fields.decimal("strike", option.getStrike()))),
                right(option.getRight()),
                Fields.decimal("bid price", option.getBidPrice()),
                Fields.size("bid size", option.getBidSize()),
                Fields.decimal("ask price", option.getAskPrice()),
                Fields.size("ask size", option.getAskSize()),
                Fields.decimal("last price", option.getLastPrice()),
                Fields.decimal("mark price", option.getMarkPrice()),
                Fields.size("volume", option.getVolume()),
                Fields.size("open interest", option.getOpenInterest()),
                Fields.decimal("implied volatility", option.getImpliedVolatility()),
                Fields.decimal("delta", option.getDelta()),
                Fields.decimal("gamma", option.getGamma()),
                Fields.decimal("vega", option.getVega()),
                Fields.decimal("theta", option.getTheta()),
                Fields.decimal("rho", option.getRho()),
                Fields.decimal("underlying price", option.getUnderlyingPrice()),
                option.getRounded(),
                Fields.name("edge", event.getEdge()),
                event.getReceiveTime(),
                inbound);
    }

    private static long expiry(long nanos) throws NotARow {
        if (nanos == 0) {
            throw new NotARow("missing-field", "the expiry is missing");
        }
        if (nanos < 0 || nanos > LAST_EXPIRY) {
            throw new NotARow("time-out-of-range", "the expiry " + nanos + " ns is before 1970 or after 2199");
        }
        return nanos;
    }

    private static String right(OptionRight right) throws NotARow {
        return switch (right) {
            case OPTION_RIGHT_CALL -> "call";
            case OPTION_RIGHT_PUT -> "put";
            default -> throw new NotARow("missing-field", "the right is neither call nor put");
        };
    }
}
