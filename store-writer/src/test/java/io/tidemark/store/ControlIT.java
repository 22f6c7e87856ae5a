package io.tidemark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.stack.Await;
import io.tidemark.store.stack.Bars;
import io.tidemark.store.stack.Rig;
import io.tidemark.store.stack.Writer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** An operator's commands on a database that a running writer fills. Each test leaves DUAL_LEGACY and equal tables. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class ControlIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    static Path dir;

    private static Rig rig;
    private static Writer writer;
    private static long sent;

    @BeforeAll
    static void start() throws Exception {
        rig = new Rig(dir);
        rig.createTopic(Topics.BARS);
        writer = Writer.start(rig, Map.of("STORE_MAX_BATCH_SIZE", "200")).awaitReady();
    }

    @AfterAll
    static void stop() {
        writer.close();
        rig.close();
    }

    /** What a command printed, with its exit code in front. */
    private record Said(int code, String words) {}

    private static synchronized Said run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--database-url");
        all.add(rig.databaseUrl());
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream words = new ByteArrayOutputStream();
        try (PrintStream caught = new PrintStream(words, true, StandardCharsets.UTF_8)) {
            System.setOut(caught);
            System.setErr(caught);
            int code = new CommandLine(new StoreCommand()).execute(all.toArray(new String[0]));
            return new Said(code, words.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static String ok(String... arguments) {
        Said said = run(arguments);
        assertEquals(0, said.code, said.words);
        return said.words;
    }

    private static void send(List<Envelope> bars) throws Exception {
        rig.sendBars(bars);
        sent += bars.size();
    }

    private static void mode(String mode) {
        ok("mode", "set", mode);
    }

    @Test
    void theModeIsSwitchedTenTimesUnderLoadAndNoRowIsLostOrDoubled() throws Exception {
        long before = rig.count("SELECT epoch FROM store_mode");
        AtomicBoolean end = new AtomicBoolean();
        AtomicInteger made = new AtomicInteger();
        ExecutorService sender = Executors.newSingleThreadExecutor();
        try {
            Future<?> load = sender.submit(() -> {
                while (!end.get()) {
                    List<Envelope> some = new ArrayList<>();
                    for (int i = 0; i < 500; i++) {
                        int number = made.getAndIncrement();
                        some.add(Bars.bar("MODE-" + number % 8, Bars.AUGUST + number * Bars.SECOND, "1." + (1 + number))
                                .build());
                    }
                    send(some);
                }
                return null;
            });
            Runnable progress = () -> {
                int target = made.get() + 1_000;
                Await.until(LONG, writer::log, () -> made.get() > target);
            };
            progress.run();
            for (String mode : List.of("dual-provider", "dual-legacy", "dual-provider", "provider", "dual-provider")) {
                mode(mode);
                progress.run();
            }
            Said refused = run("mode", "set", "dual-legacy");
            assertEquals(1, refused.code, refused.words);
            assertTrue(refused.words.contains("needs equal tables"), refused.words);
            ok("back-fill", "provider-to-legacy");
            for (String mode : List.of("dual-legacy", "legacy", "dual-legacy")) {
                mode(mode);
                progress.run();
            }
            ok("back-fill", "legacy-to-provider");
            for (String mode : List.of("dual-provider", "dual-legacy")) {
                mode(mode);
                progress.run();
            }
            end.set(true);
            load.get(60, TimeUnit.SECONDS);
        } finally {
            end.set(true);
            sender.shutdownNow();
        }
        writer.awaitWritten(sent, LONG);
        assertEquals(made.get(), rig.count("SELECT count(*) FROM bars WHERE symbol LIKE 'MODE-%'"));
        assertEquals(made.get(), rig.count("SELECT count(*) FROM bars_ohlcv WHERE symbol LIKE 'MODE-%'"));
        assertEquals(
                0,
                rig.count("SELECT count(*) FROM bars WHERE symbol LIKE 'MODE-%' AND close_price::text"
                        + " <> rpad('1.' || (1 + (extract(epoch FROM ts)::bigint - " + Bars.AUGUST / Bars.SECOND
                        + ")), 20, '0')"));
        assertTrue(ok("parity").contains("equal: "));
        assertEquals(10, rig.count("SELECT count(*) FROM store_mode_history WHERE epoch > " + before));
        assertEquals("DUAL_LEGACY", writer.status().get("mode").asText());
    }

    @Test
    void whatTheShadowMissedIsOneRecordAndIsRepaired() throws Exception {
        rig.execute("ALTER TABLE bars_ohlcv RENAME COLUMN volume TO size");
        for (int batch = 0; batch < 3; batch++) {
            send(List.of(
                    Bars.bar("GONE-USD", Bars.AUGUST + batch * Bars.SECOND, "2").build()));
            writer.awaitWritten(sent, LONG);
        }
        rig.execute("ALTER TABLE bars_ohlcv RENAME COLUMN size TO volume");
        assertEquals(
                List.of("provider_bars|3|3|42703|2024-08-08 23:54:02+00"),
                rig.ask("SELECT sink, rows_missing, batches, sqlstate, last_ts AT TIME ZONE 'UTC' || '+00'"
                        + " FROM store_divergence WHERE repaired_at IS NULL"));
        Said refused = run("mode", "set", "dual-provider");
        assertEquals(1, refused.code, refused.words);
        assertTrue(refused.words.contains("1 open divergence"), refused.words);
        Said different = run("parity");
        assertEquals(1, different.code, different.words);
        assertTrue(
                different.words.contains("ONLY_LEGACY default binance GONE-USD 1s 2024-08-08T23:54:01Z"),
                different.words);
        assertTrue(ok("repair").contains("3 rows written, 1 divergences closed"));
        ok("parity");
        assertEquals(0, rig.count("SELECT count(*) FROM store_divergence WHERE repaired_at IS NULL"));
    }

    @Test
    void rowsThatSomebodyChangedAreNamedAndThePrimarysHold() throws Exception {
        List<Envelope> bars = new ArrayList<>();
        for (int day = 0; day < 40; day++) {
            for (String tenant : List.of("default", "fund")) {
                bars.add(Bars.bar("EDIT-USD", Bars.AUGUST + day * 86_400 * Bars.SECOND, "3")
                        .setTenant(tenant)
                        .build());
            }
        }
        send(bars);
        writer.awaitWritten(sent, LONG);
        assertTrue(ok("parity", "--from", "2024-08-08", "--to", "2024-09-20").contains("equal: "));
        rig.execute("SET tidemark.tenant = 'fund'; UPDATE bars_ohlcv SET close = 3.000000000000000001"
                + " WHERE symbol = 'EDIT-USD' AND ts = '2024-09-10 23:54:00Z';"
                + "DELETE FROM bars WHERE symbol = 'EDIT-USD' AND ts = '2024-08-20 23:54:00Z'");
        Said different = run("parity");
        assertEquals(1, different.code, different.words);
        for (String part : List.of(
                "DIFFERENT fund binance EDIT-USD 1s 2024-09-10T23:54:00Z"
                        + " {close=[3.000000000000000000, 3.000000000000000001]}",
                "ONLY_PROVIDER fund binance EDIT-USD 1s 2024-08-20T23:54:00Z",
                ", 2 differ")) {
            assertTrue(different.words.contains(part), part + " in " + different.words);
        }
        assertEquals(0, run("parity", "--from", "2024-09-11", "--to", "2024-10-01").code);
        assertTrue(ok("repair", "--from", "2024-08-01", "--to", "2024-10-01").contains("2 rows written"));
        // Each of fund's rows is 3 in both tables, whatever was in the shadow.
        rig.execute("SET tidemark.tenant = 'fund'; CREATE TABLE seen AS SELECT close FROM bars_ohlcv"
                + " WHERE symbol = 'EDIT-USD' UNION ALL SELECT close_price FROM bars WHERE symbol = 'EDIT-USD'");
        assertEquals(List.of("80|3.000000000000000000"), rig.ask("SELECT count(*), max(close) FROM seen"));
    }

    @Test
    void aBrokenPrimaryFailsOverToTheProvedShadowAndBack() throws Exception {
        ok("parity");
        rig.execute("ALTER TABLE bars RENAME COLUMN volume TO size");
        send(List.of(Bars.bar("OVER-USD", Bars.AUGUST, "4").build()));
        writer.awaitWritten(sent, LONG);
        assertEquals("DUAL_PROVIDER", writer.status().get("mode").asText());
        assertEquals(1, rig.count("SELECT count(*) FROM bars_ohlcv WHERE symbol = 'OVER-USD'"));
        assertTrue(ok("mode").contains("DUAL_LEGACY -> DUAL_PROVIDER by failover"));
        rig.execute("ALTER TABLE bars RENAME COLUMN size TO volume");
        ok("repair");
        mode("dual-legacy");
        assertEquals(1, rig.count("SELECT count(*) FROM bars WHERE symbol = 'OVER-USD'"));
    }

    @Test
    void aDeadLetterIsReplayedAndMakesOneRow() throws Exception {
        rig.execute("ALTER TABLE bars ADD CONSTRAINT no_bad CHECK (symbol <> 'BAD-USD')");
        send(List.of(
                Bars.bar("GOOD-USD", Bars.AUGUST, "5").build(),
                Bars.bar("BAD-USD", Bars.AUGUST, "5").build()));
        writer.awaitWritten(sent, LONG);
        String listed = ok("dead-letters", "ls", "--reason", "refused-by-database");
        assertTrue(listed.contains("tidemark.bars.v1/") && listed.contains("no_bad"), listed);
        String id = listed.strip().split(" ")[0];
        assertTrue(ok("dead-letters", "show", id).contains("\"value_base64\" : \""));
        rig.execute("ALTER TABLE bars DROP CONSTRAINT no_bad");
        for (int replay = 1; replay <= 2; replay++) {
            assertTrue(ok("dead-letters", "replay", id).contains("1 letters will be sent again"));
            int times = replay;
            Await.until(
                    LONG, writer::log, () -> rig.count("SELECT replays FROM dead_letters WHERE id = " + id) == times);
            sent++;
            writer.awaitWritten(sent, LONG);
            assertEquals(1, rig.count("SELECT count(*) FROM bars WHERE symbol = 'BAD-USD'"));
            assertEquals(1, rig.count("SELECT count(*) FROM bars_ohlcv WHERE symbol = 'BAD-USD'"));
        }
        assertTrue(ok("dead-letters", "drop", "--all", "--reason", "refused-by-database")
                .contains("1 letters dropped"));
        assertEquals("", ok("dead-letters", "ls", "--reason", "refused-by-database"));
        assertEquals(2, run("dead-letters", "drop").code);
        assertEquals(2, run("mode", "set", "both").code);
    }

    @Test
    void thePackagedCommandVerifiesBothSinksAndLeavesNothingBehind() throws Exception {
        try (Writer verify = Writer.start(
                dir,
                Map.of("DATABASE_URL", rig.databaseUrl()),
                List.of("verify-dual-sink", "--json", "--symbols", "3", "--bars", "400", "--warm-up", "1"))) {
            assertTrue(verify.process().waitFor(120, TimeUnit.SECONDS), verify.log());
            assertEquals(0, verify.process().exitValue(), verify.log());
            for (String part : List.of(
                    "\"identical\":true", "\"rows_legacy\":1200", "\"rows_provider\":1200", "\"failed_writes\":0")) {
                assertTrue(verify.log().contains(part), part + " in " + verify.log());
            }
        }
        assertEquals(0, rig.count("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'tidemark_verify%'"));
    }

    @Test
    void theViewsShowOneTenantsBarsOnceInEveryMode() throws Exception {
        List<Envelope> bars = new ArrayList<>();
        for (int second = 0; second < 100; second++) {
            if (second < 40 || second >= 50) {
                for (String tenant : List.of("default", "hidden")) {
                    bars.add(Bars.bar("VIEW-USD", Bars.AUGUST + second * Bars.SECOND, "7." + (100 + second))
                            .setTenant(tenant)
                            .build());
                }
            }
        }
        send(bars);
        writer.awaitWritten(sent, LONG);
        assertEquals(
                List.of("tenant,source,symbol,timeframe,ts,open,high,low,close,volume"),
                rig.ask("SELECT string_agg(column_name, ',' ORDER BY ordinal_position)"
                        + " FROM information_schema.columns WHERE table_name = 'candles'"));
        for (int round = 0; round < 2; round++) {
            String of = " WHERE symbol = 'VIEW-USD'";
            assertEquals(
                    List.of("90|90|default|7.199000000000000000"),
                    rig.ask("SELECT count(*), count(DISTINCT ts), min(tenant), max(close) FROM candles" + of));
            assertEquals(
                    List.of("2024-08-08 23:55:39|7.199000000000000000|t"),
                    rig.ask("SELECT ts AT TIME ZONE 'UTC', close, complete FROM bars_latest" + of));
            assertEquals(
                    List.of("2024-08-08|90|86400|0"),
                    rig.ask("SELECT day, bars, expected, incomplete FROM bars_coverage" + of));
            assertEquals(
                    List.of("2024-08-08 23:54:40|2024-08-08 23:54:50|10"),
                    rig.ask("SELECT gap_from AT TIME ZONE 'UTC', gap_to AT TIME ZONE 'UTC', missing FROM bars_gaps"
                            + of));
            assertEquals(
                    List.of("7.100000000000000000|7.199000000000000000|7.199000000000000000|135.000000000000000000"),
                    rig.ask("SELECT open, high, close, volume FROM bars_daily" + of));
            assertEquals(List.of("0"), rig.ask("SELECT count(*) FROM bars_differences" + of));
            mode(round == 0 ? "dual-provider" : "dual-legacy");
        }
    }
}
