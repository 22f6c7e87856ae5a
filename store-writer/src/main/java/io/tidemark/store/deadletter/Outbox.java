package io.tidemark.store.deadletter;

import io.tidemark.store.database.Database;
import io.tidemark.store.database.Tx;
import io.tidemark.store.write.Inbound;
import io.tidemark.store.write.Partition;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table between the offset transaction and the dead-letter topic.
 *
 * <p>A record enters once, by its origin, however often its batch is repeated. It is published at least once.
 */
@Singleton
public final class Outbox {
    private static final int LONGEST_DETAIL = 500;
    private static final String COLUMNS =
            "id, topic, partition_no, record_offset, reason, detail, record_key, record_value";
    private static final String INSERT = """
            INSERT INTO dead_letters
                (topic, partition_no, record_offset, reason, detail, record_key, record_value, generation)
            SELECT $1, $2, u.o, u.r, u.d, u.k, u.v,
                (SELECT coalesce(max(generation), 0) FROM consumer_offsets WHERE topic = $1 AND partition_no = $2)
            FROM UNNEST($3::bigint[], $4::text[], $5::text[], $6::bytea[], $7::bytea[]) AS u(o, r, d, k, v)
            ON CONFLICT (topic, partition_no, record_offset, generation) DO NOTHING
            """;

    private final Database database;

    @Inject
    Outbox(Database database) {
        this.database = database;
    }

    /** One that waits to be published. */
    record Entry(long id, DeadLetter letter) {}

    /** Puts letters of one partition in, inside the offset transaction. */
    public static void add(Tx tx, Partition origin, List<DeadLetter> letters) {
        int size = letters.size();
        Long[] offsets = new Long[size];
        String[] reasons = new String[size];
        String[] details = new String[size];
        @Nullable Buffer[] keys = new Buffer[size];
        @Nullable Buffer[] values = new Buffer[size];
        for (int i = 0; i < size; i++) {
            DeadLetter letter = letters.get(i);
            offsets[i] = letter.record().offset();
            reasons[i] = letter.reason();
            details[i] = plain(letter.detail());
            keys[i] = buffer(letter.record().key());
            values[i] = buffer(letter.record().value());
        }
        tx.run(INSERT, Tuple.wrap(new Object[] {origin.topic(), origin.number(), offsets, reasons, details, keys, values
        }));
    }

    private static String plain(String detail) {
        String text = detail.replace('\0', '?');
        return text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL);
    }

    private static @Nullable Buffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }

    private static byte @Nullable [] bytes(@Nullable Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }

    List<Entry> unpublished(int limit) {
        return entries(
                "SELECT " + COLUMNS + " FROM dead_letters WHERE published_at IS NULL ORDER BY id LIMIT $1", limit);
    }

    /** Letters that somebody wants to be sent again; for a while no other writer takes them. */
    List<Entry> toReplay(int limit) {
        return entries(
                "UPDATE dead_letters SET replay_taken_at = now() WHERE id IN (SELECT id FROM dead_letters"
                        + " WHERE replay_wanted_at IS NOT NULL"
                        + " AND (replay_taken_at IS NULL OR replay_taken_at < now() - interval '2 minutes')"
                        + " ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING " + COLUMNS,
                limit);
    }

    void replayed(List<Long> ids) {
        database.run(
                "UPDATE dead_letters SET replayed_at = now(), replays = replays + 1, replay_wanted_at = NULL"
                        + " WHERE id = ANY($1::bigint[])",
                Tuple.wrap(new Object[] {ids.toArray(new Long[0])}));
    }

    private List<Entry> entries(String sql, int limit) {
        List<Entry> entries = new ArrayList<>();
        for (Row row : database.run(sql, Tuple.of(limit))) {
            entries.add(new Entry(
                    row.getLong(0),
                    new DeadLetter(
                            new Partition(row.getString(1), row.getInteger(2)),
                            new Inbound(row.getLong(3), bytes(row.getBuffer(6)), bytes(row.getBuffer(7))),
                            row.getString(4),
                            row.getString(5))));
        }
        return entries;
    }

    void published(List<Long> ids) {
        database.run(
                "UPDATE dead_letters SET published_at = now() WHERE id = ANY($1::bigint[])",
                Tuple.wrap(new Object[] {ids.toArray(new Long[0])}));
    }

    /** How many records this database ever refused. */
    public long count() {
        return database.run("SELECT count(*) FROM dead_letters", Tuple.tuple())
                .iterator()
                .next()
                .getLong(0);
    }
}
