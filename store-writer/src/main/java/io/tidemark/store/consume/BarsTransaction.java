package io.tidemark.store.consume;

import io.tidemark.contracts.failure.FailureKind;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.database.Database;
import io.tidemark.store.database.DatabaseFailure;
import io.tidemark.store.database.DatabaseFailure.Meaning;
import io.tidemark.store.database.Tx;
import io.tidemark.store.deadletter.DeadLetter;
import io.tidemark.store.deadletter.Drops;
import io.tidemark.store.deadletter.Outbox;
import io.tidemark.store.feedback.EdgeShares;
import io.tidemark.store.migrate.MonthPartitions;
import io.tidemark.store.mode.Divergences;
import io.tidemark.store.mode.Failover;
import io.tidemark.store.mode.ModeRow;
import io.tidemark.store.mode.ModeState;
import io.tidemark.store.sink.BarFamily;
import io.tidemark.store.sink.PreparedBars;
import io.tidemark.store.sink.Rejected;
import io.tidemark.store.sink.WrittenBars;
import io.tidemark.store.write.Batch;
import io.tidemark.store.write.BatchWriter;
import io.tidemark.store.write.PartitionLostException;
import io.tidemark.store.write.WriteException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one transaction of a batch of bars: offset, rows of the primary and the shadow table, dead letters,
 * divergence. When the process dies at any moment, all of it is there or none of it.
 *
 * <p>A commit whose answer never came is settled by the next attempt: the offset tells whether it happened.
 */
@Singleton
final class BarsTransaction implements BatchWriter {
    private static final Logger LOG = Logger.getLogger(BarsTransaction.class);

    private final Database database;
    private final OffsetTable offsets;
    private final ModeRow modes;
    private final MonthPartitions months;
    private final BarFamily bars;
    private final EdgeShares edges;
    private final Claims claims;
    private final Failover failover;
    private final AtomicLong rowsWritten = new AtomicLong();

    @Inject
    BarsTransaction(
            Database database,
            OffsetTable offsets,
            ModeRow modes,
            MonthPartitions months,
            BarFamily bars,
            EdgeShares edges,
            Claims claims,
            Failover failover) {
        this.database = database;
        this.offsets = offsets;
        this.modes = modes;
        this.months = months;
        this.bars = bars;
        this.edges = edges;
        this.claims = claims;
        this.failover = failover;
    }

    /** The offset, the epoch or the mode was not the expected one. */
    private static final class NotAdvanced extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAdvanced() {
            super("the stored offset is not the expected one", null, false, false);
        }
    }

    @Override
    public void write(Batch batch) {
        try {
            ModeState mode = modes.current();
            if (mode == null) {
                mode = modes.load();
            }
            PreparedBars prepared = bars.prepare(batch.records());
            WrittenBars written = write(batch, mode, prepared);
            if (written != null) {
                bars.committed(mode.mode(), prepared, written);
                rowsWritten.addAndGet(written.rowsChanged());
            }
            edges.add(Topics.BARS.family(), prepared.edges(), System.nanoTime());
            claims.stored(batch.partition(), batch.epoch(), batch.next());
        } catch (DatabaseFailure e) {
            if (e.meaning() == Meaning.NO_PARTITION) {
                months.forget();
            }
            ModeState mode = modes.current();
            if (e.meaning() == Meaning.OTHER && mode != null && failover.considered(mode)) {
                throw new WriteException(FailureKind.TRANSIENT, "failed over: " + e.getMessage(), e);
            }
            throw new WriteException(e.kind(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Null when an earlier attempt had been committed after all. */
    private @Nullable WrittenBars write(Batch batch, ModeState mode, PreparedBars prepared) {
        months.ensure(bars.tables(mode.mode()), prepared.months());
        try {
            return database.transaction(tx -> {
                ModeRow.share(tx);
                if (!offsets.advance(tx, batch, mode.epoch())) {
                    throw new NotAdvanced();
                }
                WrittenBars written = bars.write(tx, mode.mode(), prepared);
                writeLetters(tx, batch, prepared.rejected(), written.refused());
                Drops.add(tx, batch);
                writeDivergence(tx, batch, prepared, written);
                return written;
            });
        } catch (NotAdvanced e) {
            settle(batch, mode, e);
            return null;
        }
    }

    /** Returns when the batch is committed already. */
    private void settle(Batch batch, ModeState mode, NotAdvanced cause) {
        OffsetTable.Position now = offsets.read(batch.partition());
        if (now != null && now.epoch() == batch.epoch()) {
            if (now.next() == batch.next()) {
                LOG.infof("%s up to offset %d had been committed", batch.partition(), batch.next());
                return;
            }
            ModeState fresh = modes.load();
            if (now.next() == batch.from() && fresh.epoch() != mode.epoch()) {
                throw new WriteException(FailureKind.TRANSIENT, "the mode is " + fresh.mode() + " now", cause);
            }
        }
        throw new PartitionLostException(batch.partition() + " belongs to another writer: expected offset "
                + batch.from() + " of claim " + batch.epoch() + ", found " + now);
    }

    static void writeLetters(Tx tx, Batch batch, List<Rejected> rejected, List<Rejected> refused) {
        List<DeadLetter> letters = new ArrayList<>();
        for (List<Rejected> some : List.of(rejected, refused)) {
            for (Rejected one : some) {
                letters.add(new DeadLetter(batch.partition(), one.origin(), one.reason(), one.detail()));
            }
        }
        if (!letters.isEmpty()) {
            Outbox.add(tx, batch.partition(), letters);
        }
    }

    private static void writeDivergence(Tx tx, Batch batch, PreparedBars prepared, WrittenBars written) {
        WrittenBars.Divergence divergence = written.divergence();
        if (divergence == null) {
            return;
        }
        Divergences.record(
                tx,
                new Divergences.Range(
                        0,
                        divergence.sink(),
                        batch.partition().topic(),
                        batch.partition().number(),
                        batch.from(),
                        batch.next() - 1,
                        divergence.rows(),
                        1,
                        divergence.sqlState(),
                        divergence.reason(),
                        prepared.firstTime(),
                        prepared.lastTime(),
                        null));
        LOG.warnf(
                "%s lacks %d rows of %s offsets %d..%d: %s",
                divergence.sink(),
                divergence.rows(),
                batch.partition(),
                batch.from(),
                batch.next() - 1,
                divergence.reason());
    }

    /** Rows inserted or replaced in the primary table since this process started. */
    long rowsWritten() {
        return rowsWritten.get();
    }
}
