package io.tidemark.lake.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.lake.Bucket;
import io.tidemark.lake.manifest.LakeLock;
import io.tidemark.lake.run.CandleFixtures.Candle;
import io.tidemark.lake.slice.BadAlertsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SliceRunTest {
    private static final String[] SLICES = {
        "kind", "\"slices\"", "alerts", "\"alerts.csv\"", "pre_candles", "30", "post_candles", "12"
    };

    @TempDir
    Path root;

    @TempDir
    Path files;

    @BeforeEach
    void quiet() {
        Lakes.limits();
    }

    private static String[] with(String... more) {
        String[] all = java.util.Arrays.copyOf(SLICES, SLICES.length + more.length);
        System.arraycopy(more, 0, all, SLICES.length, more.length);
        return all;
    }

    private Path runFolder(Path lakeRoot, SliceRun.Result result) {
        return new SealedRuns(Lakes.tenant(lakeRoot))
                .folder(String.valueOf(result.report().get("run_id")));
    }

    private void corpusOf(Path lakeRoot, int workers) throws IOException {
        Path config = CandleFixtures.config(
                files.resolve("corpus.json"), "kind", "\"corpus\"", "candles", "\"lake\"", "rows_per_part", "2500");
        CandleFixtures.corpus(lakeRoot, config, workers);
    }

    private void checkAgainstSql(List<Candle> candles, int alerts) throws Exception {
        CandleFixtures.seal(root, candles);
        CandleFixtures.csv(files.resolve("candles.csv"), candles);
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        CandleFixtures.alerts(files.resolve("alerts.csv"), seed, candles, alerts);
        corpusOf(root, 2);
        for (String from : List.of("lake", "corpus")) {
            Path config = CandleFixtures.config(files.resolve(from + ".json"), with("candles", "\"" + from + "\""));
            SliceRun.Result result = CandleFixtures.slices(root, config, 2);
            SliceOracle.check(
                    runFolder(root, result), files.resolve("candles.csv"), files.resolve("alerts.csv"), 30, 12);
        }
        assertEquals(
                List.of(),
                CandleCheck.check(Lakes.tenant(root), true, ExportProgress.SILENT)
                        .problems());
    }

    @Test
    void slicesAndCoverageOfRecordedCandlesAreWhatSqlComputes() throws Exception {
        checkAgainstSql(CandleFixtures.recorded(1_500), 400);
    }

    @Test
    void slicesAndCoverageOfGeneratedCandlesAreWhatSqlComputes() throws Exception {
        checkAgainstSql(CandleFixtures.generated(11, 9, 200), 600);
    }

    @Test
    void theSameRunIsTheSameBytesOnAnyNumberOfThreadsAndAnyFolder(@TempDir Path other) throws Exception {
        List<Candle> candles = CandleFixtures.generated(3, 12, 400);
        CandleFixtures.alerts(files.resolve("alerts.csv"), 4, candles, 200);
        for (String codec : List.of("zstd", "snappy")) {
            Path config = CandleFixtures.config(
                    files.resolve("slices.json"),
                    with("candles", "\"corpus\"", "rows_per_part", "700", "compression", "\"" + codec + "\""));
            int workers = 1;
            for (Path lake : List.of(root, other)) {
                if (codec.equals("zstd")) {
                    CandleFixtures.seal(lake, candles);
                    corpusOf(lake, workers);
                }
                CandleFixtures.slices(lake, config, workers++);
            }
        }
        for (String folder : List.of("runs", "corpus")) {
            Map<String, String> one = Lakes.contents(Lakes.tenant(root).resolve(folder));
            assertEquals(one, Lakes.contents(Lakes.tenant(other).resolve(folder)));
            assertTrue(one.size() > 10, one.toString());
        }
    }

    @Test
    void aRunThatIsThereIsFoundAndNothingIsDone() throws Exception {
        List<Candle> candles = CandleFixtures.generated(3, 3, 100);
        CandleFixtures.seal(root, candles);
        CandleFixtures.alerts(files.resolve("alerts.csv"), 4, candles, 20);
        Path config = CandleFixtures.config(files.resolve("slices.json"), with("candles", "\"lake\""));
        SliceRun.Result first = CandleFixtures.slices(root, config, 1);
        Map<String, String> before = Lakes.contents(Lakes.tenant(root).resolve("runs"));
        SliceRun.Result second = CandleFixtures.slices(root, config, 1);
        assertEquals(false, first.report().get("sealed_before"));
        assertEquals(true, second.report().get("sealed_before"));
        assertEquals(first.report().get("run_id"), second.report().get("run_id"));
        assertEquals(before, Lakes.contents(Lakes.tenant(root).resolve("runs")));
        Path labelled =
                CandleFixtures.config(files.resolve("b.json"), with("candles", "\"lake\"", "label", "\"again\""));
        SliceRun.Result third = CandleFixtures.slices(root, labelled, 1);
        SealedRuns runs = new SealedRuns(Lakes.tenant(root));
        List<String> differences = RunDiff.between(
                runs.get(String.valueOf(first.report().get("run_id"))),
                runs.get(String.valueOf(third.report().get("run_id"))));
        assertEquals(List.of("configuration label: - and again"), differences);
    }

    @Test
    void bucketsAndPartsHaveTheNamesOfTheContract() throws Exception {
        List<Candle> candles = CandleFixtures.generated(5, 1, 300);
        CandleFixtures.seal(root, candles);
        CandleFixtures.alerts(files.resolve("alerts.csv"), 4, candles, 60);
        Path config = CandleFixtures.config(
                files.resolve("slices.json"),
                with("candles", "\"lake\"", "rows_per_part", "100", "bucket_folder", "\"mint_bucket\""));
        Path run = runFolder(root, CandleFixtures.slices(root, config, 1));
        Path bucket = run.resolve("mint_bucket=" + Bucket.of("GEN0-USDT"));
        assertTrue(Files.exists(bucket.resolve("part-0000.parquet")));
        assertTrue(Files.exists(bucket.resolve("part-0001.parquet")));
    }

    @Test
    void badAlertsAreListedWithLineAndReason() throws Exception {
        List<Candle> candles = CandleFixtures.generated(5, 1, 100);
        CandleFixtures.seal(root, candles);
        Files.writeString(
                files.resolve("alerts.csv"),
                "alert_id,source,symbol,ts_ms\r\ngood,kraken,GEN0-USDT," + (CandleFixtures.START_MS + 5)
                        + "\r\ngood,kraken,GEN0-USDT,1\r\n,kraken,GEN0-USDT,1\r\nb,kraken,GEN0-USDT,yesterday\r\n"
                        + "c,kraken,GEN0-USDT,1700000040000000\r\nd,kraken\r\ne,kraken,GEN0-USDT,-1\r\n");
        Path config = CandleFixtures.config(files.resolve("a.json"), with("candles", "\"lake\""));
        SliceRun.Result result = CandleFixtures.slices(root, config, 1);
        List<String> lines = result.rejected();
        assertEquals(6, lines.size(), lines.toString());
        assertTrue(lines.get(0).contains("line 3: alert_id \"good\" is on line 2 already"), lines.get(0));
        assertTrue(lines.get(1).contains("line 4: alert_id is empty"), lines.get(1));
        assertTrue(lines.get(2).contains("line 5: ts_ms \"yesterday\""), lines.get(2));
        assertTrue(lines.get(3).contains("microseconds"), lines.get(3));
        assertTrue(lines.get(4).contains("line 7: it has 2 fields"), lines.get(4));
        assertTrue(Files.readString(runFolder(root, result).resolve("rejected.json"))
                .contains("\"line\":5"));
        Path refuse = CandleFixtures.config(
                files.resolve("b.json"), with("candles", "\"lake\"", "on_rejected", "\"refuse\""));
        IOException refused = assertThrows(BadAlertsException.class, () -> CandleFixtures.slices(root, refuse, 1));
        assertTrue(String.valueOf(refused.getMessage()).contains("6 of 7 alerts cannot be used"));
    }

    @Test
    void aFileThatHoldsNoAlertsIsRefusedByName() throws Exception {
        CandleFixtures.seal(root, CandleFixtures.generated(5, 1, 10));
        Path config = CandleFixtures.config(files.resolve("a.json"), with("candles", "\"lake\""));
        assertThrows(NoSuchFileException.class, () -> CandleFixtures.slices(root, config, 1));
        for (String text : List.of("", "alert_id,source,symbol,ts_ms\n", "alert_id,source,symbol\na,b,c\n", "a,a\n")) {
            Files.writeString(files.resolve("alerts.csv"), text);
            assertThrows(BadAlertsException.class, () -> CandleFixtures.slices(root, config, 1), text);
        }
        assertFalse(Files.exists(Lakes.tenant(root).resolve("runs")));
    }

    @Test
    void allMistakesOfAConfigurationAreNamedTogether() throws Exception {
        Path config = CandleFixtures.config(
                files.resolve("bad.json"),
                "kind",
                "\"slice\"",
                "pre_candles",
                "-1",
                "candels",
                "\"lake\"",
                "timeframe",
                "\"1y\"");
        IOException refused = assertThrows(BadConfigException.class, () -> CandleFixtures.slices(root, config, 1));
        String message = String.valueOf(refused.getMessage());
        for (String expected : List.of(
                "kind: must be one of slices",
                "pre_candles: must be 0",
                "candels: there is no such field",
                "timeframe: \"1y\"",
                "alerts: is missing",
                "post_candles: is missing")) {
            assertTrue(message.contains(expected), message);
        }
    }

    @Test
    void twoExportersOnOneLakeWaitForEachOther() throws Exception {
        List<Candle> candles = CandleFixtures.generated(5, 1, 50);
        CandleFixtures.seal(root, candles);
        CandleFixtures.alerts(files.resolve("alerts.csv"), 4, candles, 5);
        Path config = CandleFixtures.config(files.resolve("a.json"), with("candles", "\"lake\""));
        SliceRun impatient =
                new SliceRun(CandleFixtures.sources(root), 1, 1_000, Duration.ofMillis(100), ExportProgress.SILENT);
        try (LakeLock lock = LakeLock.takeIn(Lakes.tenant(root).resolve("runs"), Duration.ZERO)) {
            IOException refused = assertThrows(IOException.class, () -> impatient.run(config, false));
            assertTrue(String.valueOf(refused.getMessage()).contains("another export holds"));
        }
        assertEquals(false, impatient.run(config, false).report().get("sealed_before"));
    }

    @Test
    void aDryRunWritesNothing() throws Exception {
        List<Candle> candles = CandleFixtures.generated(5, 2, 50);
        CandleFixtures.seal(root, candles);
        CandleFixtures.alerts(files.resolve("alerts.csv"), 4, candles, 50);
        Map<String, String> before = Lakes.contents(root);
        Path config = CandleFixtures.config(files.resolve("a.json"), with("candles", "\"lake\""));
        SliceRun.Result result = new SliceRun(
                        CandleFixtures.sources(root), 1, 1_000, Duration.ZERO, ExportProgress.SILENT)
                .run(config, true);
        assertEquals(50L * 43, result.report().get("expected"));
        Path corpus = CandleFixtures.config(files.resolve("c.json"), "kind", "\"corpus\"", "candles", "\"lake\"");
        new CorpusRun(CandleFixtures.sources(root), 1, Duration.ZERO, ExportProgress.SILENT).run(corpus, true);
        assertEquals(before, Lakes.contents(root));
    }
}
