package io.tidemark.store.consume;

import io.tidemark.store.database.Database;
import io.tidemark.store.database.DatabaseFailure;
import io.tidemark.store.database.DatabaseFailure.Meaning;
import io.tidemark.store.deadletter.Drops;
import io.tidemark.store.feedback.EdgeShares;
import io.tidemark.store.migrate.MonthPartitions;
import io.tidemark.store.sink.FactFamily;
import io.tidemark.store.sink.FactRow;
import io.tidemark.store.sink.PreparedFacts;
import io.tidemark.store.write.Batch;
import io.tidemark.store.write.BatchWriter;
import io.tidemark.store.write.PartitionLostException;
import io.tidemark.store.write.WriteException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The one transaction of a batch of a family with one table: offset, rows, dead letters, drops. The modes of
 * the bar tables do not concern it; for the rest it is as {@link BarsTransaction}.
 */
final class FactTransaction implements BatchWriter {
    private static final Logger LOG = Logger.getLogger(FactTransaction.class);

    private final Database database;
    private final OffsetTable offsets;
    private final MonthPartitions months;
    private final Claims claims;
    private final EdgeShares edges;
    private final FactFamily<?> family;

    FactTransaction(
            Database database,
            OffsetTable offsets,
            MonthPartitions months,
            Claims claims,
            EdgeShares edges,
            FactFamily<?> family) {
        this.database = database;
        this.offsets = offsets;
        this.months = months;
        this.claims = claims;
        this.edges = edges;
        this.family = family;
    }

    private static final class NotAdvanced extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAdvanced() {
            super("the stored offset is not the expected one", null, false, false);
        }
    }

    @Override
    public void write(Batch batch) {
        try {
            write(batch, family);
            claims.stored(batch.partition(), batch.epoch(), batch.next());
        } catch (DatabaseFailure e) {
            if (e.meaning() == Meaning.NO_PARTITION) {
                months.forget();
            }
            throw new WriteException(e.kind(), String.valueOf(e.getMessage()), e);
        }
    }

    private <R extends FactRow> void write(Batch batch, FactFamily<R> facts) {
        PreparedFacts<R> prepared = facts.prepare(batch.records());
        months.ensure(List.of(facts.table()), prepared.months());
        FactFamily.Written written;
        try {
            written = database.transaction(tx -> {
                if (!offsets.advance(tx, batch)) {
                    throw new NotAdvanced();
                }
                FactFamily.Written done = facts.write(tx, prepared);
                BarsTransaction.writeLetters(tx, batch, prepared.rejected(), done.refused());
                Drops.add(tx, batch);
                return done;
            });
        } catch (NotAdvanced e) {
            settle(batch);
            return;
        }
        facts.committed(prepared, written);
        Map<String, Integer> seen = new HashMap<>();
        prepared.rows().forEach(row -> seen.merge(row.edge(), 1, Integer::sum));
        edges.add(facts.topic().family(), seen, System.nanoTime());
    }

    /** Returns when the batch is committed already. */
    private void settle(Batch batch) {
        OffsetTable.Position now = offsets.read(batch.partition());
        if (now == null || now.epoch() != batch.epoch() || now.next() != batch.next()) {
            throw new PartitionLostException(batch.partition() + " belongs to another writer: expected offset "
                    + batch.from() + " of claim " + batch.epoch() + ", found " + now);
        }
        LOG.infof("%s up to offset %d had been committed", batch.partition(), batch.next());
    }
}
