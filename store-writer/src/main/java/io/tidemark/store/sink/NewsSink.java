package io.tidemark.store.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.NewsItem;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.database.Tx;
import io.tidemark.store.write.Inbound;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code news}: one row per item.
 *
 * <p>A publisher may change an item's time, and with it the partition, where no key holds the two apart. So
 * rows of the same items under other times are looked at first: the one received last stays. All records of
 * an item have one key in Kafka, so no other worker does the same meanwhile.
 */
final class NewsSink extends FactSink<NewsSink.Row> {
    private static final int LONGEST_ID = 1_000;
    private static final int LONGEST_TEXT = 100_000;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final int MOST_SYMBOLS = 1_000;
    private static final char SEPARATOR = '\u001f';

    private final Fields fields;

    NewsSink(Fields fields, MeterRegistry metrics) {
        super(Topics.NEWS, "news", COLUMNS, List.of("tenant_id", "source", "item_id", "ts"), BY_KEY, metrics);
        this.fields = fields;
    }

    /** An item; {@code symbols} are joined by U+001F. */
    record Row(
            String tenant,
            String source,
            String item,
            long time,
            String symbol,
            String title,
            String publisher,
            String link,
            String summary,
            String symbols,
            @Nullable Decimal38 sentiment,
            String edge,
            long received,
            Inbound origin)
            implements FactRow {}

    /** Without the time: see the class comment. */
    private static final Comparator<Row> BY_KEY = Comparator.comparing(Row::tenant, ByteOrder::compare)
            .thenComparing(Row::source, ByteOrder::compare)
            .thenComparing(Row::item, ByteOrder::compare);

    private static final Column<Row> TS = Column.time("ts", Row::time);

    private static final List<Column<Row>> COLUMNS = List.of(
            Column.text("tenant_id", Row::tenant),
            Column.text("source", Row::source),
            Column.text("item_id", Row::item),
            TS,
            Column.whole("ts_ns", Row::time),
            Column.text("symbol", Row::symbol),
            Column.text("title", Row::title),
            Column.text("publisher", Row::publisher),
            Column.text("link", Row::link),
            Column.text("summary", Row::summary),
            Column.list("symbols", Row::symbols),
            Column.decimal("sentiment", Row::sentiment),
            Column.text("edge", Row::edge),
            Column.whole("received_ns", Row::received));

    @Override
    Row read(Inbound inbound) throws NotARow {
        Envelope event = fields.event(inbound, Envelope.EventCase.NEWS);
        NewsItem item = event.getNews();
        if (item.getItemId().isEmpty()) {
            throw new NotARow("missing-field", "the item id is missing");
        }
        return new Row(
                fields.tenant(event.getTenant()),
                Fields.name("source", event.getSource()),
                Fields.text("item id", item.getItemId(), LONGEST_ID),
                fields.time("event time", Events.eventTime(event)),
                Fields.name("symbol", event.getSymbol()),
                Fields.text("title", item.getTitle(), LONGEST_TEXT),
                Fields.text("publisher", item.getPublisher(), LONGEST_TEXT),
                Fields.text("link", item.getLink(), LONGEST_TEXT),
                Fields.text("summary", item.getSummary(), LONGEST_TEXT),
                symbols(item.getSymbolsList()),
                Fields.decimal("sentiment", item.getSentiment()),
                Fields.name("edge", event.getEdge()),
                event.getReceiveTime(),
                inbound);
    }

    private static String symbols(List<String> symbols) throws NotARow {
        if (symbols.size() > MOST_SYMBOLS) {
            throw new NotARow("too-large", symbols.size() + " symbols are more than " + MOST_SYMBOLS);
        }
        for (String symbol : symbols) {
            if (Fields.name("symbol of the list", symbol).indexOf(SEPARATOR) >= 0) {
                throw new NotARow("nul-in-text", "a symbol of the list holds a control character");
            }
        }
        return String.join(String.valueOf(SEPARATOR), symbols);
    }

    private record Item(String source, String id) {}

    private record Kept(long time, long received, String edge) {}

    @Override
    List<Row> admit(Tx tx, List<Row> rows) {
        String[] sources = rows.stream().map(Row::source).toArray(String[]::new);
        String[] items = rows.stream().map(Row::item).toArray(String[]::new);
        Map<Item, Kept> kept = new HashMap<>();
        String asked = "SELECT n.source, n.item_id, n.ts_ns, n.received_ns, n.edge"
                + " FROM (SELECT UNNEST($1::text[]) AS source, UNNEST($2::text[]) AS item_id) AS u"
                + " JOIN news AS n ON n.tenant_id = tidemark_tenant() AND n.source = u.source AND n.item_id = u.item_id";
        tx.run(asked, Tuple.wrap(new Object[] {sources, items}))
                .forEach(row -> kept.put(
                        new Item(row.getString(0), row.getString(1)),
                        new Kept(row.getLong(2), row.getLong(3), row.getString(4))));
        List<Row> admitted = new ArrayList<>();
        for (Row row : rows) {
            Kept other = kept.get(new Item(row.source, row.item));
            if (other == null
                    || row.time / NANOS_PER_MICRO == other.time / NANOS_PER_MICRO
                    || row.received > other.received
                    || row.received == other.received && ByteOrder.compare(row.edge, other.edge) < 0) {
                admitted.add(row);
            }
        }
        return admitted;
    }

    @Override
    void settle(Tx tx, List<Row> written) {
        String forget = "DELETE FROM news AS n"
                + " USING (SELECT UNNEST($1::text[]) AS source, UNNEST($2::text[]) AS item_id,"
                + " UNNEST($3::timestamptz[]) AS ts) AS u"
                + " WHERE n.tenant_id = tidemark_tenant() AND n.source = u.source AND n.item_id = u.item_id"
                + " AND n.ts <> u.ts";
        tx.run(forget, Tuple.wrap(new Object[] {
            written.stream().map(Row::source).toArray(String[]::new),
            written.stream().map(Row::item).toArray(String[]::new),
            TS.array(written)
        }));
    }
}
