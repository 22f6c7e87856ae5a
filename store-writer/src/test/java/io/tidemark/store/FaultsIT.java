package io.tidemark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.stack.Await;
import io.tidemark.store.stack.Bars;
import io.tidemark.store.stack.Rig;
import io.tidemark.store.stack.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes die under load; the rows are those that were sent, once.
 *
 * <p>{@code -Dtidemark.faults=full} (profile {@code faults}) for the full counts, {@code -Dtidemark.faults.seed=N}
 * to repeat a run.
 */
@Timeout(value = 7_200, unit = TimeUnit.SECONDS)
class FaultsIT {
    private static final Duration LONG = Duration.ofMinutes(4);
    private static final boolean FULL = "full".equals(System.getProperty("tidemark.faults"));
    private static final int KILLS = Integer.getInteger("tidemark.faults.kills", FULL ? 50 : 3);
    private static final int SERVER_KILLS = FULL ? KILLS : Math.max(1, KILLS / 2);
    private static final int MANY = FULL ? 1_000_000 : 40_000;
    private static final int RECORDS_PER_KILL = 10_000;
    private static final int POISON_EVERY = 1_000;
    private static final Map<String, String> SMALL_BATCHES =
            Map.of("STORE_MAX_BATCH_SIZE", "100", "STORE_FLUSH_ROWS", "100");
    private static final long SEED = Long.getLong("tidemark.faults.seed", System.nanoTime());

    @TempDir
    static Path dir;

    private static Rig rig;
    private static long sent;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void startRig() throws Exception {
        System.out.println("FaultsIT seed " + SEED);
        rig = new Rig(dir);
        rig.createTopic(Topics.BARS);
    }

    @AfterAll
    static void stopRig() {
        rig.close();
    }

    /** What was sent under one test's symbols: the close of the record that has to win, per key. */
    private final class Load {
        private final String name;
        private final Map<String, String> expected = new TreeMap<>();
        private int poisoned;
        private int made;

        Load(String name) {
            this.name = name;
        }

        List<ProducerRecord<byte[], byte[]>> records(int count) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                made++;
                if (made % POISON_EVERY == 0) {
                    poisoned++;
                    byte[] rubbish = ("rubbish " + name + made).getBytes(StandardCharsets.UTF_8);
                    records.add(Rig.record("binance|" + name + "-" + random.nextInt(8), rubbish));
                    continue;
                }
                // Half of the keys come again later, with more trades.
                String symbol = name + "-" + random.nextInt(8);
                long openTime = Bars.AUGUST + random.nextInt(made / 2 + 1) * Bars.SECOND;
                String close = new BigDecimal(random.nextLong(1, 1_000_000_000_000L))
                        .movePointLeft(8)
                        .toPlainString();
                Envelope.Builder bar = Bars.bar(symbol, openTime, close);
                bar.getBarBuilder().setTradeCount(made);
                expected.put(symbol + "|" + openTime / Bars.SECOND, close);
                records.add(Rig.record(bar.build()));
            }
            sent += count;
            return records;
        }

        void repeated(List<ProducerRecord<byte[], byte[]>> again) {
            sent += again.size();
            for (ProducerRecord<byte[], byte[]> record : again) {
                if (new String(record.value(), StandardCharsets.ISO_8859_1).startsWith("rubbish")) {
                    poisoned++;
                }
            }
        }

        void assertExact() throws Exception {
            for (String sql : List.of(
                    "SELECT symbol, extract(epoch FROM ts)::bigint, close_price FROM bars",
                    "SELECT symbol, extract(epoch FROM ts)::bigint, close FROM bars_ohlcv")) {
                Map<String, String> found = new TreeMap<>();
                for (String row : rig.ask(sql + " WHERE symbol LIKE '" + name + "-%'")) {
                    int last = row.lastIndexOf('|');
                    found.put(row.substring(0, last), plain(row.substring(last + 1)));
                }
                Map<String, String> wanted = new TreeMap<>();
                expected.forEach((key, close) -> wanted.put(key, plain(close)));
                assertEquals(wanted.size(), found.size(), sql);
                assertEquals(wanted, found, sql);
            }
            assertEquals(
                    poisoned,
                    rig.count("SELECT count(*) FROM dead_letters"
                            + " WHERE convert_from(record_value, 'UTF8') LIKE 'rubbish " + name + "%'"));
            assertEquals(0, rig.count("SELECT count(*) FROM store_divergence"));
        }

        private static String plain(String number) {
            return new BigDecimal(number).stripTrailingZeros().toPlainString();
        }
    }

    private static long stored() throws Exception {
        return rig.count("SELECT coalesce(sum(next_offset), 0) FROM consumer_offsets");
    }

    /** Until some more thousands are written: the moment to strike. */
    private void awaitSomeProgress(Writer writer) throws Exception {
        long target = stored() + random.nextInt(RECORDS_PER_KILL / 2);
        Await.until(LONG, writer::log, () -> stored() > target);
    }

    @Test
    void theWriterIsKilledAgainAndAgain() throws Exception {
        Load load = new Load("KILL");
        rig.send(load.records(100));
        Writer writer = Writer.start(rig, SMALL_BATCHES).awaitReady();
        try {
            for (int kill = 0; kill < KILLS; kill++) {
                rig.send(load.records(RECORDS_PER_KILL));
                awaitSomeProgress(writer);
                writer.kill();
                writer = Writer.start(rig, SMALL_BATCHES);
            }
            writer.awaitWritten(sent, LONG);
            load.assertExact();
        } finally {
            writer.close();
        }
    }

    @Test
    void theDatabaseIsKilledUnderLoad() throws Exception {
        Load load = new Load("DATABASE");
        try (Writer writer = Writer.start(rig, SMALL_BATCHES).awaitReady()) {
            for (int kill = 0; kill < SERVER_KILLS; kill++) {
                rig.send(load.records(RECORDS_PER_KILL));
                awaitSomeProgress(writer);
                rig.killDatabase();
                Await.until(
                        LONG, writer::log, () -> writer.get("/q/health/ready").statusCode() == 503);
                assertEquals(200, writer.get("/q/health/live").statusCode());
                rig.startDatabase();
            }
            writer.awaitWritten(sent, LONG);
            load.assertExact();
            assertEquals(200, writer.awaitReady().get("/q/health/ready").statusCode());
        }
    }

    @Test
    void theBrokerIsKilledUnderLoad() throws Exception {
        Load load = new Load("BROKER");
        try (Writer writer = Writer.start(rig, SMALL_BATCHES).awaitReady();
                KafkaProducer<byte[], byte[]> producer = rig.producer()) {
            for (int kill = 0; kill < SERVER_KILLS; kill++) {
                var answers = load.records(RECORDS_PER_KILL).stream()
                        .map(producer::send)
                        .toList();
                awaitSomeProgress(writer);
                rig.killBroker();
                rig.startBroker();
                producer.flush();
                for (var answer : answers) {
                    answer.get(60, TimeUnit.SECONDS);
                }
            }
            writer.awaitWritten(sent, LONG);
            load.assertExact();
        }
    }

    @Test
    void twoWritersShareAndTakeOverFromEachOther() throws Exception {
        Load load = new Load("TWO");
        rig.send(load.records(RECORDS_PER_KILL));
        try (Writer first = Writer.start(rig, SMALL_BATCHES).awaitReady();
                Writer second = Writer.start(rig, SMALL_BATCHES)) {
            rig.send(load.records(RECORDS_PER_KILL));
            second.awaitReady();
            Await.until(LONG, second::log, () -> second.log().contains("claimed tidemark.bars.v1/"));
            rig.send(load.records(RECORDS_PER_KILL));
            awaitSomeProgress(second);
            first.kill();
            rig.send(load.records(RECORDS_PER_KILL));
            second.awaitWritten(sent, LONG);
            load.assertExact();
        }
    }

    @Test
    void sigtermWritesWhatIsQueuedAndEndsInTime() throws Exception {
        Load load = new Load("TERM");
        rig.send(load.records(RECORDS_PER_KILL));
        try (Writer writer = Writer.start(rig, SMALL_BATCHES).awaitReady()) {
            rig.send(load.records(2 * RECORDS_PER_KILL));
            awaitSomeProgress(writer);
            assertTrue(writer.terminate(Duration.ofSeconds(40)), writer.log());
            assertTrue(writer.log().contains("all that was queued is written"), writer.log());
        }
        try (Writer writer = Writer.start(rig, SMALL_BATCHES)) {
            writer.awaitWritten(sent, LONG);
            load.assertExact();
        }
    }

    @Test
    void aZombieWithAnOldClaimIsRefused() throws Exception {
        Load load = new Load("ZOMBIE");
        try (Writer writer = Writer.start(rig, SMALL_BATCHES).awaitReady()) {
            rig.send(load.records(RECORDS_PER_KILL));
            awaitSomeProgress(writer);
            // As another process would that Kafka gave the partitions to.
            rig.execute("UPDATE consumer_offsets SET epoch = epoch + 1, owner = 'another'");
            rig.send(load.records(RECORDS_PER_KILL));
            Await.until(LONG, writer::log, () -> writer.log().contains("belongs to another writer"));
            writer.awaitWritten(sent, LONG);
            load.assertExact();
        }
    }

    @Test
    void manyBarsHalfOfThemRepeatedAndSomePoisonedAreExact() throws Exception {
        Load load = new Load("MANY");
        try (Writer writer = Writer.start(rig, Map.of()).awaitReady()) {
            for (int made = 0; made < MANY; made += RECORDS_PER_KILL) {
                List<ProducerRecord<byte[], byte[]>> records = load.records(RECORDS_PER_KILL);
                rig.send(records);
                // Each second record once more, poison too: its second copy is another record with an origin of its
                // own.
                List<ProducerRecord<byte[], byte[]>> again = records.subList(0, RECORDS_PER_KILL / 2);
                load.repeated(again);
                rig.send(again);
            }
            writer.awaitWritten(sent, Duration.ofMinutes(30));
            load.assertExact();
        }
    }

    @Test
    void writersComeAndGoEveryFewSeconds() throws Exception {
        Load load = new Load("REBALANCE");
        rig.send(load.records(100));
        try (Writer steady = Writer.start(rig, SMALL_BATCHES).awaitReady()) {
            for (int round = 0; round < (FULL ? 20 : 2); round++) {
                rig.send(load.records(RECORDS_PER_KILL));
                try (Writer guest = Writer.start(rig, SMALL_BATCHES)) {
                    Await.until(LONG, guest::log, () -> guest.log().contains("claimed tidemark.bars.v1/"));
                    rig.send(load.records(RECORDS_PER_KILL));
                    awaitSomeProgress(guest);
                    if (random.nextBoolean()) {
                        guest.terminate(Duration.ofSeconds(40));
                    }
                }
            }
            steady.awaitWritten(sent, LONG);
            load.assertExact();
        }
    }
}
