package io.tidemark.store.migrate;

import io.tidemark.store.mode.BarTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Walks through the partitions of a range and copies from one bar table into the other. One thread. */
public final class CopyRun {
    private final Connection connection;
    private final BarTable from;
    private final BarCopy copy;
    private final Pace pace;
    private final AfterStep afterStep;
    private long read;
    private long written;

    /** Called inside the transaction of each step; {@code last} of the step is null at a partition's end. */
    @FunctionalInterface
    public interface AfterStep {
        void in(Connection connection, PartitionPair pair, BarCopy.Step step) throws SQLException;
    }

    public CopyRun(Connection connection, BarTable from, BarCopy copy, Pace pace, AfterStep afterStep) {
        this.connection = connection;
        this.from = from;
        this.copy = copy;
        this.pace = pace;
        this.afterStep = afterStep;
    }

    public long read() {
        return read;
    }

    public long written() {
        return written;
    }

    /** Copies the range, from {@code after} on in the partition that begins at {@code resumeAt}. */
    public void run(Instant lower, Instant upper, Instant resumeAt, BarCopy.Key after)
            throws SQLException, InterruptedException {
        makeMissing(lower, upper);
        List<PartitionPair> pairs = PartitionPair.open(connection, lower, upper);
        for (PartitionPair pair : pairs) {
            if (pair.of(from) == null || pair.lower().isBefore(resumeAt)) {
                continue;
            }
            BarCopy.Key key = pair.lower().equals(resumeAt) ? after : BarCopy.Key.FIRST;
            partition(pair, later(lower, pair.lower()), earlier(upper, pair.upper()), key);
        }
    }

    private void partition(PartitionPair pair, Instant lower, Instant upper, BarCopy.Key after)
            throws SQLException, InterruptedException {
        BarCopy.Key key = after;
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException("the copy was stopped");
            }
            long began = System.nanoTime();
            BarCopy.Step step =
                    copy.step(connection, pair, lower, upper, key, (inside, done) -> afterStep.in(inside, pair, done));
            read += step.read();
            written += step.written();
            BarCopy.Key last = step.last();
            if (last == null) {
                return;
            }
            key = last;
            pace.after(step.read(), System.nanoTime() - began);
        }
    }

    /** Partitions that the target lacks. */
    private void makeMissing(Instant lower, Instant upper) throws SQLException {
        for (PartitionPair pair : PartitionPair.open(connection, lower, upper)) {
            if (pair.of(from) != null && pair.of(from.other()) == null) {
                try (PreparedStatement statement =
                        connection.prepareStatement("SELECT tidemark_ensure_month(?, ?::date)")) {
                    statement.setString(1, from.other().table());
                    statement.setObject(2, pair.lower().atOffset(ZoneOffset.UTC).toLocalDate());
                    statement.execute();
                }
            }
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
