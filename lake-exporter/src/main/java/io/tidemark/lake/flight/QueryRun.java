package io.tidemark.lake.flight;

import io.tidemark.lake.flight.Answers.RowLimitException;
import io.tidemark.lake.flight.FlightMetrics.Outcome;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBResultSet;
import org.jboss.logging.Logger;

/**
 * Runs one planned statement and streams its result, never more than the client takes.
 *
 * <p>Runs on a worker of {@link QueryPool}. It ends within its watch's limit whatever the client does.
 */
final class QueryRun implements Runnable {
    /** Rows of a batch; a book snapshot is thousands of decimals, so results with lists go in smaller ones. */
    private static final int FLAT_BATCH = 8192;

    private static final int NESTED_BATCH = 128;

    private static final Logger LOG = Logger.getLogger(QueryRun.class);
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final CurrentLake lake;
    private final Plan plan;
    private final Parameters parameters;
    private final ServerStreamListener client;
    private final Watch watch;
    private final BufferAllocator allocator;
    private final long maxRows;
    private final FlightMetrics metrics;

    QueryRun(
            CurrentLake lake,
            Plan plan,
            Parameters parameters,
            ServerStreamListener client,
            Watch watch,
            BufferAllocator allocator,
            long maxRows,
            FlightMetrics metrics) {
        this.lake = lake;
        this.plan = plan;
        this.parameters = parameters;
        this.client = client;
        this.watch = watch;
        this.allocator = allocator;
        this.maxRows = maxRows;
        this.metrics = metrics;
    }

    @Override
    public void run() {
        metrics.started();
        long start = System.nanoTime();
        Outcome outcome = Outcome.COMPLETE;
        try {
            stream();
            client.completed();
        } catch (RowLimitException e) {
            outcome = Outcome.TOO_MANY_ROWS;
            fail(CallStatus.RESOURCE_EXHAUSTED
                    .withDescription(String.valueOf(e.getMessage()))
                    .toRuntimeException());
        } catch (SQLException | IOException | RuntimeException e) {
            outcome = Answers.outcome(watch, e);
            fail(Answers.of(e, watch));
        } finally {
            watch.close();
            metrics.ended(outcome, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private void fail(RuntimeException answer) {
        try {
            client.error(answer);
        } catch (RuntimeException e) {
            // The client has gone; there is nobody left to tell.
            LOG.debugf("an answer did not reach its client: %s", e.getMessage());
        }
    }

    private void stream() throws SQLException, IOException {
        stopIfAsked();
        try (CurrentLake.Lease lease = lake.lease();
                DuckDBConnection connection = lease.engine().connect()) {
            lease.engine().narrow(connection, plan.reaches());
            stream(connection);
        }
    }

    private void stream(DuckDBConnection connection) throws SQLException, IOException {
        try (DuckDBPreparedStatement statement =
                connection.prepareStatement(plan.text()).unwrap(DuckDBPreparedStatement.class)) {
            parameters.bind(statement);
            watch.run(statement);
            try (DuckDBResultSet rows = statement.executeQuery().unwrap(DuckDBResultSet.class);
                    ArrowReader reader = (ArrowReader) rows.arrowExportStream(allocator, batchRows())) {
                send(reader);
            } finally {
                watch.close();
            }
        }
    }

    private void send(ArrowReader reader) throws IOException {
        VectorSchemaRoot batch = reader.getVectorSchemaRoot();
        // The same vectors under the names and with the descriptions that were announced.
        VectorSchemaRoot described = new VectorSchemaRoot(fields(batch), batch.getFieldVectors(), 0);
        client.start(described);
        long rows = 0;
        stopIfAsked();
        while (reader.loadNextBatch()) {
            stopIfAsked();
            int count = batch.getRowCount();
            if (count > maxRows - rows) {
                throw new RowLimitException(maxRows);
            }
            rows += count;
            awaitClient();
            described.setRowCount(count);
            client.putNext();
            metrics.rows(count);
        }
        stopIfAsked();
    }

    private List<Field> fields(VectorSchemaRoot batch) {
        List<Field> fields = batch.getSchema().getFields();
        List<Field> planned = plan.schema().getFields();
        if (fields.size() != planned.size()) {
            throw changed();
        }
        for (int i = 0; i < fields.size(); i++) {
            // A bound parameter may give a column another type than NULL did; anything else is another lake.
            if (parameters.count() == 0
                    && !fields.get(i).getType().equals(planned.get(i).getType())) {
                throw changed();
            }
        }
        return Planner.described(fields, planned.stream().map(Field::getName).toList());
    }

    private static RuntimeException changed() {
        return CallStatus.UNAVAILABLE
                .withDescription("the lake's columns changed since the statement was prepared; prepare it again")
                .toRuntimeException();
    }

    private int batchRows() {
        return ArrowColumns.nested(plan.schema().getFields()) ? NESTED_BATCH : FLAT_BATCH;
    }

    private void awaitClient() {
        while (!client.isReady()) {
            stopIfAsked();
            LockSupport.parkNanos(WAIT_NANOS);
        }
    }

    private void stopIfAsked() {
        if (client.isCancelled()) {
            watch.stop(Watch.Reason.CLIENT);
        }
        if (watch.reason() != null) {
            throw CallStatus.CANCELLED.toRuntimeException();
        }
    }
}
