package io.tidemark.store.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.database.DatabaseFailure;
import io.tidemark.store.database.Tx;
import io.tidemark.store.write.Inbound;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A family with one table, from bytes to rows. Thread-safe. */
public final class FactFamily<R extends FactRow> {
    private final FactSink<R> sink;

    FactFamily(FactSink<R> sink) {
        this.sink = sink;
    }

    /** What a transaction has done so far; counted only after its commit. */
    public record Written(int rows, List<Rejected> refused, long nanos) {}

    /** Options, fundamentals and news; {@code tenant} is that of records that name none. */
    public static List<FactFamily<?>> all(String tenant, InstantSource clock, MeterRegistry metrics) {
        Fields fields = new Fields(tenant, clock);
        return List.of(
                new FactFamily<>(new OptionsSink(fields, metrics)),
                new FactFamily<>(new FundamentalsSink(fields, metrics)),
                new FactFamily<>(new NewsSink(fields, metrics)));
    }

    public Topics topic() {
        return sink.topic();
    }

    public String table() {
        return sink.table();
    }

    public PreparedFacts<R> prepare(List<Inbound> records) {
        List<R> read = new ArrayList<>(records.size());
        List<Rejected> rejected = new ArrayList<>();
        for (Inbound inbound : records) {
            try {
                read.add(sink.read(inbound));
            } catch (NotARow e) {
                rejected.add(e.of(inbound));
            }
        }
        List<R> rows = Latest.of(read, sink.byKey(), FactRow::replaces);
        Months months = new Months();
        rows.forEach(row -> months.add(row.time()));
        return new PreparedFacts<>(rows, rejected, months.firstDays());
    }

    /** Writes inside the caller's transaction; rows of each tenant under that tenant's name. */
    public Written write(Tx tx, PreparedFacts<R> prepared) {
        List<R> rows = prepared.rows();
        List<Rejected> refused = new ArrayList<>();
        long began = System.nanoTime();
        int changed = 0;
        int from = 0;
        while (from < rows.size()) {
            String tenant = rows.get(from).tenant();
            int to = from + 1;
            while (to < rows.size() && rows.get(to).tenant().equals(tenant)) {
                to++;
            }
            tx.later("SELECT set_config('tidemark.tenant', $1, true)", Tuple.of(tenant));
            try {
                changed += write(tx, rows.subList(from, to), refused);
            } catch (DatabaseFailure e) {
                sink.failed();
                throw e;
            }
            from = to;
        }
        return new Written(changed, refused, System.nanoTime() - began);
    }

    private int write(Tx tx, List<R> rows, List<Rejected> refused) {
        List<R> admitted = sink.admit(tx, rows);
        if (admitted.isEmpty()) {
            return 0;
        }
        Set<Inbound> out = new HashSet<>();
        int changed = sink.write(tx, admitted, rejected -> {
            refused.add(rejected);
            out.add(rejected.origin());
        });
        sink.settle(
                tx, admitted.stream().filter(row -> !out.contains(row.origin())).toList());
        return changed;
    }

    /** Counts what a committed transaction wrote. */
    public void committed(PreparedFacts<R> prepared, Written written) {
        if (!prepared.rows().isEmpty()) {
            sink.committed(written.rows(), written.nanos());
        }
    }
}
