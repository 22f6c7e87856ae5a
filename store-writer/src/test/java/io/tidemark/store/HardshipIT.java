package io.tidemark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.stack.Await;
import io.tidemark.store.stack.Bars;
import io.tidemark.store.stack.Rig;
import io.tidemark.store.stack.Writer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database that is busy, full of guests or changed by its operator; the rows are those that were sent. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class HardshipIT {
    private static final boolean FULL = "full".equals(System.getProperty("tidemark.faults"));
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Map<String, String> PATIENT =
            Map.of("STORE_MAX_BATCH_SIZE", "100", "STORE_FLUSH_ROWS", "500", "STORE_WRITE_TIMEOUT", "6s");

    @TempDir
    static Path dir;

    private static Rig rig;

    @BeforeAll
    static void startRig() throws Exception {
        rig = new Rig(dir);
        rig.createTopic(Topics.BARS);
        try (Writer writer = start(Map.of())) {
            writer.awaitNoLag(LONG);
        }
    }

    @AfterAll
    static void stopRig() {
        rig.close();
    }

    private static Writer start(Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(PATIENT);
        settings.putAll(more);
        return Writer.start(rig, settings).awaitReady();
    }

    private static List<Envelope> bars(String symbol, int from, int count) {
        List<Envelope> events = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            events.add(Bars.bar(symbol, Bars.AUGUST + i * Bars.SECOND, "1." + i)
                    .setSequence(i)
                    .build());
        }
        return events;
    }

    private static void assertRows(String symbol, int count) throws Exception {
        for (String table : List.of("bars", "bars_ohlcv")) {
            assertEquals(count, rig.count("SELECT count(*) FROM " + table + " WHERE symbol = '" + symbol + "'"), table);
        }
    }

    @Test
    void aLockHeldForLongCostsOnlyTime() throws Exception {
        try (Writer writer = start(Map.of());
                Connection locker = rig.connect();
                Statement lock = locker.createStatement()) {
            locker.setAutoCommit(false);
            lock.execute("LOCK TABLE bars IN ACCESS EXCLUSIVE MODE");
            rig.sendBars(bars("LOCK", 0, 20_000));
            Await.until(LONG, writer::log, () -> writer.log().contains("55P03"));
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(FULL ? 60 : 1));
            assertEquals(200, writer.get("/q/health/live").statusCode());
            locker.rollback();
            writer.awaitNoLag(LONG);
            assertRows("LOCK", 20_000);
        }
    }

    @Test
    void whatAPolicyDropsIsNamedAndEverythingElseIsWritten() throws Exception {
        try (Writer writer = start(Map.of("STORE_QUEUE_MAX", "5", "STORE_OVERFLOW_BARS", "drop_newest"));
                Connection locker = rig.connect();
                Statement lock = locker.createStatement()) {
            locker.setAutoCommit(false);
            lock.execute("LOCK TABLE bars IN ACCESS EXCLUSIVE MODE");
            rig.sendBars(bars("DROP", 0, 10_000));
            Await.until(LONG, writer::log, () -> writer.log().contains("55P03"));
            locker.rollback();
            writer.awaitNoLag(LONG);
            rig.sendBars(bars("DROP", 10_000, 300));
            writer.awaitNoLag(LONG);
            TreeSet<Long> found = new TreeSet<>();
            for (String row : rig.ask(
                    "SELECT (ts_ns - " + Bars.AUGUST + ") / 1000000000 FROM bars_ohlcv" + " WHERE symbol = 'DROP'")) {
                found.add(Long.parseLong(row));
            }
            long written = found.size();
            long dropped = 0;
            for (String row :
                    rig.ask("SELECT records, last_offset - first_offset + 1, reason, identities FROM store_drops")) {
                String[] parts = row.split("\\|", 4);
                assertEquals(parts[0], parts[1]);
                assertEquals("drop_newest", parts[2]);
                dropped += Long.parseLong(parts[0]);
                for (JsonNode range : new ObjectMapper().readTree(parts[3])) {
                    for (long i = range.get("first").asLong();
                            i <= range.get("last").asLong();
                            i++) {
                        assertTrue(found.add(i), i + " is there and was dropped");
                    }
                }
            }
            assertTrue(dropped > 0, "nothing was dropped");
            assertEquals(10_300, written + dropped);
            assertEquals(10_300, found.size());
            assertTrue(writer.get("/q/metrics")
                    .body()
                    .contains(
                            "store_dropped_records_total{family=\"bars\",reason=\"drop_newest\"} " + (double) dropped));
        }
    }

    @Test
    void aPartitionThatWasDroppedIsMadeAgain() throws Exception {
        try (Writer writer = start(Map.of())) {
            rig.sendBars(bars("PART", 0, 500));
            writer.awaitNoLag(LONG);
            List<Envelope> old = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                old.add(Bars.bar("PART", (1_000_000_000L + i) * Bars.SECOND, "2")
                        .build());
            }
            rig.sendBars(old);
            writer.awaitNoLag(LONG);
            rig.execute("DROP TABLE bars_200109; DROP TABLE bars_ohlcv_200109");
            rig.sendBars(old);
            writer.awaitNoLag(LONG);
            assertRows("PART", 600);
        }
    }

    @Test
    void aColumnRenamedInTheShadowTableIsDivergenceAndNoPoison() throws Exception {
        long letters = rig.count("SELECT count(*) FROM dead_letters");
        try (Writer writer = start(Map.of())) {
            rig.execute("ALTER TABLE bars_ohlcv RENAME COLUMN volume TO amount");
            rig.sendBars(bars("SHADOW", 0, 1_000));
            writer.awaitNoLag(LONG);
            assertEquals(1_000, rig.count("SELECT count(*) FROM bars WHERE symbol = 'SHADOW'"));
            assertEquals(0, rig.count("SELECT count(*) FROM bars_ohlcv WHERE symbol = 'SHADOW'"));
            assertEquals(1_000, rig.count("SELECT sum(rows_missing) FROM store_divergence WHERE sqlstate = '42703'"));
            assertEquals(letters, rig.count("SELECT count(*) FROM dead_letters"));
        } finally {
            rig.execute("ALTER TABLE bars_ohlcv RENAME COLUMN amount TO volume");
        }
    }

    @Test
    void aServerWithoutFreeConnectionsIsWaitedFor() throws Exception {
        List<Connection> guests = new ArrayList<>();
        try (Writer writer = start(Map.of())) {
            try (Connection first = rig.connect();
                    Statement statement = first.createStatement()) {
                fill(guests);
                for (int again = 0; again < 5; again++) {
                    statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE application_name = 'tidemark-store-writer'");
                    fill(guests);
                }
                rig.sendBars(bars("GUESTS", 0, 5_000));
                Await.until(LONG, writer::log, () -> writer.log().contains("53300"));
            }
            for (Connection guest : guests) {
                guest.close();
            }
            writer.awaitNoLag(LONG);
            assertRows("GUESTS", 5_000);
        } finally {
            for (Connection guest : guests) {
                guest.close();
            }
        }
    }

    private static void fill(List<Connection> guests) {
        try {
            while (true) {
                guests.add(rig.connect());
            }
        } catch (SQLException e) {
            assertTrue(e.getSQLState().startsWith("53") || e.getSQLState().startsWith("08"), e.toString());
        }
    }

    @Test
    void aDeadlockIsRepeated() throws Exception {
        try (Writer writer = start(Map.of());
                Connection other = rig.connect();
                Statement statement = other.createStatement()) {
            rig.sendBars(bars("DEADLOCK", 0, 200));
            writer.awaitNoLag(LONG);
            List<Envelope> better = new ArrayList<>();
            for (Envelope bar : bars("DEADLOCK", 0, 200)) {
                Envelope.Builder more = bar.toBuilder();
                more.getBarBuilder().setTradeCount(99);
                better.add(more.build());
            }
            other.setAutoCommit(false);
            String touch = "UPDATE bars SET edge = edge WHERE symbol = 'DEADLOCK' AND ts = to_timestamp(%d)";
            statement.execute(String.format(touch, Bars.AUGUST / Bars.SECOND + 199));
            rig.sendBars(better);
            // The writer holds the first rows now and waits for the last; its wait is the older one.
            Await.until(
                    LONG,
                    writer::log,
                    () -> rig.count("SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                                    + " 'tidemark-store-writer' AND wait_event_type = 'Lock'")
                            > 0);
            String outcome = "";
            try {
                statement.execute(String.format(touch, Bars.AUGUST / Bars.SECOND));
                other.commit();
            } catch (SQLException e) {
                outcome = e.getSQLState();
                other.rollback();
            }
            writer.awaitNoLag(LONG);
            assertTrue(outcome.equals("40P01") || writer.log().contains("40P01"), outcome + writer.log());
            assertRows("DEADLOCK", 200);
            assertEquals(200, rig.count("SELECT count(*) FROM bars WHERE symbol = 'DEADLOCK' AND trade_count = 99"));
        }
    }

    @Test
    void aTopicThatWasMadeAnewIsReadFromItsBeginning() throws Exception {
        byte[] rubbish = {1, 2, 3};
        try (Writer writer = start(Map.of("STORE_CONSUMER_GROUP", "anew"))) {
            rig.sendBars(bars("ANEW", 0, 200));
            rig.send(List.of(Rig.record("anew", rubbish)));
            writer.awaitNoLag(LONG);
        }
        long letters = rig.count("SELECT count(*) FROM dead_letters");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", rig.brokers()))) {
            admin.deleteTopics(List.of(Topics.BARS.topic())).all().get(30, TimeUnit.SECONDS);
            Await.until(
                    LONG,
                    () -> "the topic goes",
                    () -> !admin.listTopics().names().get(5, TimeUnit.SECONDS).contains(Topics.BARS.topic()));
        }
        Await.until(LONG, () -> "the topic can be made", () -> {
            rig.createTopic(Topics.BARS);
            return true;
        });
        // More than before, so that no stored offset lies behind an end.
        rig.send(List.of(Rig.record("anew", rubbish)));
        rig.sendBars(bars("ANEW", 0, 1_000));
        try (Writer writer = start(Map.of("STORE_CONSUMER_GROUP", "anew"))) {
            writer.awaitNoLag(LONG);
            assertRows("ANEW", 1_000);
            assertEquals(letters + 1, rig.count("SELECT count(*) FROM dead_letters"));
        }
    }
}
