package io.tidemark.store.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.database.Tx;
import io.tidemark.store.write.Inbound;
import java.util.Comparator;
import java.util.List;

/** A family with one table: its sink and how a record becomes a row. A new family is one subclass. */
abstract class FactSink<R extends FactRow> extends Sink<R> {
    /** {@link FactRow#replaces} for the row that comes and the one that is there. */
    private static final String WINS = "EXCLUDED.received_ns > kept.received_ns"
            + " OR EXCLUDED.received_ns = kept.received_ns AND EXCLUDED.edge < kept.edge";

    private final Topics topic;
    private final Comparator<R> byKey;

    /** {@code byKey} is the order of the table's key. */
    FactSink(
            Topics topic,
            String table,
            List<Column<R>> columns,
            List<String> key,
            Comparator<R> byKey,
            MeterRegistry metrics) {
        super(topic.family(), table, columns, key, WINS, metrics);
        this.topic = topic;
        this.byKey = byKey;
    }

    final Topics topic() {
        return topic;
    }

    final Comparator<R> byKey() {
        return byKey;
    }

    abstract R read(Inbound inbound) throws NotARow;

    /** Those of the rows that are to be written, where more than the key decides that. */
    List<R> admit(Tx tx, List<R> rows) {
        return rows;
    }

    /** What else has to happen in the table once rows are written. */
    void settle(Tx tx, List<R> written) {}
}
