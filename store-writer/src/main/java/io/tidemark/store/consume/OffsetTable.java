package io.tidemark.store.consume;

import io.tidemark.store.database.Database;
import io.tidemark.store.database.Tx;
import io.tidemark.store.write.Batch;
import io.tidemark.store.write.Partition;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The offsets that count: stored with the rows, not in Kafka.
 *
 * <p>A claim raises the partition's epoch. From then on only transactions of that claim can move the offset,
 * so a writer that has lost the partition without knowing it is refused, whatever it holds.
 */
@Singleton
final class OffsetTable {
    private static final String CLAIM = """
            INSERT INTO consumer_offsets AS kept
                (consumer_group, topic, partition_no, next_offset, epoch, owner, topic_id)
            VALUES ($1, $2, $3, $4, 1, $6, $7)
            ON CONFLICT (consumer_group, topic, partition_no) DO UPDATE SET
                epoch = kept.epoch + 1, owner = EXCLUDED.owner, updated_at = now(),
                topic_id = CASE WHEN $7 = '' THEN kept.topic_id ELSE $7 END,
                generation = kept.generation + CASE WHEN
                    kept.next_offset > $5 OR $7 <> '' AND kept.topic_id <> '' AND kept.topic_id <> $7
                    THEN 1 ELSE 0 END,
                next_offset = CASE WHEN
                    kept.next_offset > $5 OR $7 <> '' AND kept.topic_id <> '' AND kept.topic_id <> $7
                    THEN $4 ELSE kept.next_offset END
            RETURNING next_offset, epoch
            """;
    private static final String ADVANCE = """
            UPDATE consumer_offsets SET next_offset = $6, updated_at = now()
            WHERE consumer_group = $1 AND topic = $2 AND partition_no = $3
                AND next_offset = $4 AND epoch = $5
            """;
    private static final String ADVANCE_IN_MODE = ADVANCE + "AND EXISTS (SELECT 1 FROM store_mode WHERE epoch = $7)";

    private final Database database;
    private final String group;

    @Inject
    OffsetTable(Database database, ConsumeSettings settings) {
        this.database = database;
        this.group = settings.consumerGroup();
    }

    /** Where a partition stands and who may move it. */
    record Position(long next, long epoch) {}

    /**
     * Makes a partition ours. {@code begin} and {@code end} are Kafka's own bounds: a new partition starts at
     * the first. One of a topic that was made anew (another {@code topicId}, or a stored offset behind the end)
     * is read from the first too. An empty {@code topicId} is unknown.
     */
    Position claim(Partition partition, long begin, long end, String owner, String topicId) {
        Row row = database.run(CLAIM, Tuple.wrap(new Object[] {
                    group, partition.topic(), partition.number(), begin, end, owner, topicId
                }))
                .iterator()
                .next();
        return new Position(row.getLong(0), row.getLong(1));
    }

    /** Moves the offset inside the transaction of the rows; false when it is not the expected one any more. */
    boolean advance(Tx tx, Batch batch) {
        return tx.run(ADVANCE, Tuple.wrap(step(batch))).rowCount() == 1;
    }

    /** The same, and false too when the mode of the bar tables is not the one of this epoch. */
    boolean advance(Tx tx, Batch batch, long modeEpoch) {
        List<Object> arguments = step(batch);
        arguments.add(modeEpoch);
        return tx.run(ADVANCE_IN_MODE, Tuple.wrap(arguments)).rowCount() == 1;
    }

    private List<Object> step(Batch batch) {
        Partition partition = batch.partition();
        return new ArrayList<>(
                List.of(group, partition.topic(), partition.number(), batch.from(), batch.epoch(), batch.next()));
    }

    @Nullable
    Position read(Partition partition) {
        String sql = "SELECT next_offset, epoch FROM consumer_offsets"
                + " WHERE consumer_group = $1 AND topic = $2 AND partition_no = $3";
        for (Row row : database.run(sql, Tuple.of(group, partition.topic(), partition.number()))) {
            return new Position(row.getLong(0), row.getLong(1));
        }
        return null;
    }

    /** All stored offsets of the group, of partitions that were ever claimed. */
    Map<Partition, Long> all() {
        Map<Partition, Long> offsets = new TreeMap<>();
        String sql = "SELECT topic, partition_no, next_offset FROM consumer_offsets WHERE consumer_group = $1";
        for (Row row : database.run(sql, Tuple.of(group))) {
            offsets.put(new Partition(row.getString(0), row.getInteger(1)), row.getLong(2));
        }
        return offsets;
    }
}
