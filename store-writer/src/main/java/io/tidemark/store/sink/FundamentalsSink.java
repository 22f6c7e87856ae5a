package io.tidemark.store.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Fundamental;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.write.Inbound;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table {@code fundamentals}: one row per fact, period and filing, by the day it was filed. */
final class FundamentalsSink extends FactSink<FundamentalsSink.Row> {
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;
    private static final LocalDate FIRST_DAY = LocalDate.of(1900, 1, 1);
    private static final LocalDate LAST_DAY = LocalDate.of(2199, 12, 31);

    private final Fields fields;

    FundamentalsSink(Fields fields, MeterRegistry metrics) {
        super(
                Topics.FUNDAMENTALS,
                "fundamentals",
                COLUMNS,
                List.of(
                        "tenant_id",
                        "source",
                        "symbol",
                        "taxonomy",
                        "concept",
                        "unit",
                        "period_start",
                        "period_end",
                        "accession",
                        "ts"),
                BY_KEY,
                metrics);
        this.fields = fields;
    }

    /** A fact; a balance has no first day. */
    record Row(
            String tenant,
            String source,
            String symbol,
            String taxonomy,
            String concept,
            String unit,
            @Nullable LocalDate periodStart,
            LocalDate periodEnd,
            String accession,
            long time,
            Decimal38 value,
            @Nullable Long fiscalYear,
            String fiscalPeriod,
            String form,
            @Nullable LocalDate filed,
            String frame,
            boolean rounded,
            String edge,
            long received,
            Inbound origin)
            implements FactRow {}

    private static final Comparator<Row> BY_KEY = Comparator.comparing(Row::tenant, ByteOrder::compare)
            .thenComparing(Row::source, ByteOrder::compare)
            .thenComparing(Row::symbol, ByteOrder::compare)
            .thenComparing(Row::taxonomy, ByteOrder::compare)
            .thenComparing(Row::concept, ByteOrder::compare)
            .thenComparing(Row::unit, ByteOrder::compare)
            .thenComparing(row -> row.periodStart == null ? LocalDate.MAX : row.periodStart)
            .thenComparing(Row::periodEnd)
            .thenComparing(Row::accession, ByteOrder::compare)
            .thenComparingLong(Row::time);

    private static final List<Column<Row>> COLUMNS = List.of(
            Column.text("tenant_id", Row::tenant),
            Column.text("source", Row::source),
            Column.text("symbol", Row::symbol),
            Column.text("taxonomy", Row::taxonomy),
            Column.text("concept", Row::concept),
            Column.text("unit", Row::unit),
            Column.date("period_start", Row::periodStart),
            Column.date("period_end", Row::periodEnd),
            Column.text("accession", Row::accession),
            Column.time("ts", Row::time),
            Column.decimal("value", Row::value),
            Column.whole("fiscal_year", Row::fiscalYear),
            Column.text("fiscal_period", Row::fiscalPeriod),
            Column.text("form", Row::form),
            Column.date("filed", Row::filed),
            Column.text("frame", Row::frame),
            Column.flag("rounded", Row::rounded),
            Column.text("edge", Row::edge),
            Column.whole("received_ns", Row::received));

    @Override
    Row read(Inbound inbound) throws NotARow {
        Envelope event = fields.event(inbound, Envelope.EventCase.FUNDAMENTAL);
        Fundamental fact = event.getFundamental();
        LocalDate start = fact.hasPeriodStart() ? day("first day of the period", fact.getPeriodStart()) : null;
        LocalDate end = day("last day of the period", fact.getPeriodEnd());
        if (start != null && start.isAfter(end)) {
            throw new NotARow("impossible-fact", "the period begins on " + start + " and ends on " + end);
        }
        LocalDate filed = fact.hasFiled() ? day("day of filing", fact.getFiled()) : null;
        long known = (filed == null ? end : filed).toEpochDay() * NANOS_PER_DAY;
        return new Row(
                fields.tenant(event.getTenant()),
                Fields.name("source", event.getSource()),
                Fields.name("symbol", event.getSymbol()),
                Fields.name("taxonomy", fact.getTaxonomy()),
                Fields.name("concept", fact.getConcept()),
                Fields.name("unit", fact.getUnit()),
                start,
                end,
                Fields.name("accession", fact.getAccession()),
                fields.time(filed == null ? "last day of the period" : "day of filing", known),
                Fields.needed("value", Fields.decimal("value", fact.getValue())),
                fact.hasFiscalYear() ? Integer.toUnsignedLong(fact.getFiscalYear()) : null,
                Fields.text("fiscal period", fact.getFiscalPeriod(), 200),
                Fields.text("form", fact.getForm(), 200),
                filed,
                Fields.text("frame", fact.getFrame(), 200),
                fact.getRounded(),
                Fields.name("edge", event.getEdge()),
                event.getReceiveTime(),
                inbound);
    }

    private static LocalDate day(String field, int epochDay) throws NotARow {
        LocalDate day = LocalDate.ofEpochDay(epochDay);
        if (day.isBefore(FIRST_DAY) || day.isAfter(LAST_DAY)) {
            throw new NotARow("time-out-of-range", "the " + field + " " + day + " is before 1900 or after 2199");
        }
        return day;
    }
}
