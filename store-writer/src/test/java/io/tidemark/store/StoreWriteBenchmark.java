package io.tidemark.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.stack.Rig;
import io.tidemark.store.stack.SeriesRows;
import io.tidemark.store.stack.Writer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/**
 * Kafka to committed rows, beside COPY of the same rows into the same table in the same run.
 *
 * <p>{@code mvn -Pbench -pl store-writer -am verify}; sizes by {@code -Dbench.rows=} and {@code -Dbench.rounds=},
 * the backlog by {@code -Dbench.backlog=}. The rate runs from the first committed rows that another session
 * sees to the last. COPY is the table's owner's, by one connection, with row-level security lifted for it
 * (it refuses such tables); the writer has {@code store.workers} connections.
 */
@TestMethodOrder(MethodOrderer.MethodName.class)
class StoreWriteBenchmark {
    private static final int ROWS = Integer.getInteger("bench.rows", 500_000);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int BACKLOG = Integer.getInteger("bench.backlog", 5_000_000);
    private static final int WORKERS = Integer.getInteger("bench.workers", 2);
    private static final int COPY_ROWS = 5_000;
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final List<String> JVM =
            List.of(System.getProperty("bench.jvm", "-XX:+UseSerialGC;-Xmx128m;-Xss512k")
                    .split(";"));
    private static final Map<String, List<Double>> FIGURES = new LinkedHashMap<>();

    @TempDir
    static Path dir;

    private static Rig rig;
    private static int groups;

    /** One run of the writer: rows per second, its highest memory, its processor time. */
    private record Run(double rate, long peakKilobytes, double cpuSeconds, List<Double> slices) {}

    @BeforeAll
    static void fill() throws Exception {
        rig = new Rig(dir);
        rig.tuneDatabase("shared_buffers = '512MB'\nmax_wal_size = '4GB'\n");
        rig.createTopic(Topics.BARS);
        send(0, ROWS);
        // Makes the tables.
        try (Writer writer = Writer.start(rig, settings("warm"), JVM).awaitReady()) {
            writer.awaitWritten(ROWS, LONG);
        }
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static void send(long from, long to) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", rig.brokers(), "compression.type", "lz4", "linger.ms", 20, "batch.size", 262_144);
        AtomicReference<Exception> failed = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = from; i < to; i++) {
                ProducerRecord<byte[], byte[]> record = Rig.record(SeriesRows.event(i));
                // By number, so that each partition has as much.
                var unused = producer.send(
                        new ProducerRecord<>(
                                record.topic(),
                                (int) (i % SeriesRows.SYMBOLS % Topics.MARKET_PARTITIONS),
                                record.key(),
                                record.value()),
                        (ignored, problem) -> {
                            if (problem != null) {
                                failed.set(problem);
                            }
                        });
            }
            producer.flush();
        }
        if (failed.get() != null) {
            throw new IllegalStateException(failed.get());
        }
    }

    private static Map<String, String> settings(String group) {
        Map<String, String> settings = new HashMap<>();
        settings.put("STORE_CONSUMER_GROUP", group);
        settings.put("MALLOC_ARENA_MAX", "2");
        settings.put("STORE_WORKERS", Integer.toString(WORKERS));
        System.getProperties().forEach((name, value) -> {
            if (name.toString().startsWith("STORE_")) {
                settings.put(name.toString(), value.toString());
            }
        });
        return settings;
    }

    private static void empty(String... tables) throws Exception {
        for (String table : tables) {
            rig.execute("TRUNCATE " + table);
        }
    }

    private static double copy(String table) throws Exception {
        boolean legacy = table.equals("bars");
        String columns = legacy
                ? "(tenant_id, vendor, symbol, timeframe, ts, open_price, high_price, low_price, close_price, volume,"
                        + " trade_count, revision, complete, edge)"
                : "(tenant_id, vendor, symbol, timeframe, ts, ts_ns, source, open, high, low, close, volume,"
                        + " quote_volume, trade_count, revision, complete, rounded, edge)";
        rig.execute("ALTER TABLE " + table + " NO FORCE ROW LEVEL SECURITY");
        try (Connection connection = rig.connect()) {
            long began = System.nanoTime();
            StringBuilder text = new StringBuilder();
            for (int from = 0; from < ROWS; from += COPY_ROWS) {
                text.setLength(0);
                for (int i = from; i < Math.min(ROWS, from + COPY_ROWS); i++) {
                    SeriesRows.copyText(text, i, legacy);
                }
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "COPY " + table + columns + " FROM STDIN",
                                new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.UTF_8)));
            }
            return (System.nanoTime() - began) / 1e9;
        } finally {
            rig.execute("ALTER TABLE " + table + " FORCE ROW LEVEL SECURITY");
        }
    }

    private static void mode(String mode) throws Exception {
        rig.execute("UPDATE store_mode SET mode = '" + mode + "', epoch = epoch + 1");
    }

    private static Run write(long rows) throws Exception {
        String group = "bench-" + groups++;
        try (Writer writer = Writer.start(rig, settings(group), JVM)) {
            String stored = "SELECT coalesce(sum(next_offset), 0) FROM consumer_offsets WHERE consumer_group = '"
                    + group + "' AND topic = '" + Topics.BARS.topic() + "'";
            try (Connection connection = rig.connect();
                    var query = connection.prepareStatement(stored)) {
                long first = 0;
                long began = 0;
                double cpu = 0;
                long next = 0;
                long sliceBegan = 0;
                long sliceFrom = 0;
                List<Double> slices = new ArrayList<>();
                long limit = System.nanoTime() + LONG.toNanos();
                while (true) {
                    long now;
                    try (var answer = query.executeQuery()) {
                        answer.next();
                        now = answer.getLong(1);
                    }
                    long nanos = System.nanoTime();
                    if (began == 0 && now > 0) {
                        began = nanos;
                        first = now;
                        sliceBegan = nanos;
                        sliceFrom = now;
                        next = now + rows / 10;
                        cpu = writer.cpuSeconds();
                    }
                    if (began != 0 && now >= next) {
                        slices.add((now - sliceFrom) / ((nanos - sliceBegan) / 1e9));
                        sliceBegan = nanos;
                        sliceFrom = now;
                        next = now + rows / 10;
                    }
                    if (now >= rows) {
                        double seconds = (nanos - began) / 1e9;
                        Run run = new Run(
                                (rows - first) / seconds, writer.peakKilobytes(), writer.cpuSeconds() - cpu, slices);
                        writer.terminate(Duration.ofSeconds(30));
                        return run;
                    }
                    if (nanos > limit || !writer.process().isAlive()) {
                        throw new AssertionError("only " + now + " of " + rows + " written: " + writer.log());
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                }
            }
        }
    }

    private static void check(String table, String close, long rows) throws Exception {
        List<String> found = rig.ask("SELECT count(*), trim_scale(sum(" + close + ") + sum(volume)) FROM " + table);
        String wanted = rows + "|" + SeriesRows.checksum(rows).toPlainString();
        if (!found.equals(List.of(wanted))) {
            throw new AssertionError(table + " holds " + found + ", not " + wanted);
        }
    }

    private static void report(String what, int round, double rate, int connections, Map<String, Object> more)
            throws Exception {
        FIGURES.computeIfAbsent(what, ignored -> new ArrayList<>()).add(rate);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("bench", "store-write");
        line.put("what", what);
        line.put("round", round);
        line.put("rows_per_s", Math.round(rate));
        line.put("connections", connections);
        line.putAll(more);
        line.put(
                "load1",
                Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]));
        System.out.println(new ObjectMapper().writeValueAsString(line));
    }

    private static void report(String what, int round, Run run) throws Exception {
        report(
                what,
                round,
                run.rate,
                WORKERS,
                Map.of("peak_rss_mb", run.peakKilobytes / 1024, "cpu_s", Math.round(run.cpuSeconds * 100) / 100.0));
    }

    private static double median(String what) {
        List<Double> sorted =
                FIGURES.getOrDefault(what, List.of(0.0)).stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static void summary(String what, String ceiling, double goal) throws Exception {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("bench", "store-write");
        line.put("summary", what);
        line.put("median_rows_per_s", Math.round(median(what)));
        line.put("ceiling", ceiling);
        line.put("ceiling_rows_per_s", Math.round(median(ceiling)));
        line.put("ratio", Math.round(1000 * median(what) / median(ceiling)) / 1000.0);
        line.put("goal", goal);
        System.out.println(new ObjectMapper().writeValueAsString(line));
    }

    @Test
    void kafkaToRows() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            mode("PROVIDER");
            empty("bars_ohlcv", "bars");
            report("copy", round, ROWS / copy("bars_ohlcv"), 1, Map.of());
            check("bars_ohlcv", "close", ROWS);
            empty("bars_ohlcv");
            report("fresh", round, write(ROWS));
            check("bars_ohlcv", "close", ROWS);
            report("existing", round, write(ROWS));
            check("bars_ohlcv", "close", ROWS);
            empty("bars_ohlcv");
            report("copy-both", round, ROWS / (copy("bars_ohlcv") + copy("bars")), 1, Map.of());
            empty("bars_ohlcv", "bars");
            mode("DUAL_PROVIDER");
            report("dual", round, write(ROWS));
            check("bars_ohlcv", "close", ROWS);
            check("bars", "close_price", ROWS);
        }
        summary("fresh", "copy", 0.65);
        summary("existing", "copy", 0.5);
        summary("dual", "copy-both", 0.6);
    }

    @Test
    void laterABacklogDrainsAtOneRate() throws Exception {
        if (BACKLOG <= ROWS) {
            return;
        }
        mode("PROVIDER");
        empty("bars_ohlcv", "bars");
        send(ROWS, BACKLOG);
        Run run = write(BACKLOG);
        check("bars_ohlcv", "close", BACKLOG);
        // The first tenth holds the start of the process.
        double first = run.slices.get(1);
        double last = run.slices.get(run.slices.size() - 1);
        report(
                "backlog",
                1,
                run.rate,
                WORKERS,
                Map.of(
                        "rows",
                        BACKLOG,
                        "peak_rss_mb",
                        run.peakKilobytes / 1024,
                        "second_tenth_rows_per_s",
                        Math.round(first),
                        "last_tenth_rows_per_s",
                        Math.round(last),
                        "last_to_second",
                        Math.round(1000 * last / first) / 1000.0));
    }
}
