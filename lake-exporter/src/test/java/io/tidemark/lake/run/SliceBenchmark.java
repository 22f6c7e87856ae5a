package io.tidemark.lake.run;

import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.lake.Bucket;
import io.tidemark.lake.BenchmarkCandles;
import io.tidemark.lake.corpus.CorpusManifest;
import io.tidemark.lake.corpus.CorpusManifest.Reach;
import io.tidemark.lake.corpus.SealedCorpus;
import io.tidemark.lake.parquet.CandlePart;
import io.tidemark.lake.parquet.CandleParts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reading, filtering and slicing a corpus of candles around alerts, beside DuckDB's query for the same.
 *
 * <p>{@code mvn -Pbench -pl lake-exporter verify -Dit.test=SliceBenchmark}; {@code -Dtidemark.bench.candles} and
 * {@code -Dtidemark.bench.alerts} for other sizes (50000000 and 10000), {@code -Dtidemark.bench.rounds}. Ours runs in
 * a process of its own with a heap of 500 MB, and does all of a run: coverage with gaps, hashes, syncs, manifest.
 * DuckDB writes the slices, sorted and by bucket, and counts per alert; of two ways to ask, the faster counts.
 */
class SliceBenchmark {
    private static final long CANDLES = Long.getLong("tidemark.bench.candles", 5_000_000L);
    private static final int ALERTS = Integer.getInteger("tidemark.bench.alerts", 5_000);
    private static final int ROUNDS = Integer.getInteger("tidemark.bench.rounds", 5);
    private static final int AROUND = 60;
    private static final int CHUNK = 25_000;

    @TempDir
    Path folder;

    @Test
    void slices() throws Exception {
        Lakes.limits();
        Path lake = folder.resolve("lake");
        BenchmarkCandles candles = new BenchmarkCandles(CANDLES);
        corpus(lake, candles);
        alerts(folder.resolve("alerts.csv"), candles);
        for (int threads = 1; threads <= 2; threads++) {
            List<String> lines = child(lake, threads);
            double[] ours = lines.stream()
                    .mapToDouble(line -> Double.parseDouble(line.split(" ")[0]))
                    .toArray();
            double heap = lines.stream()
                    .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                    .max()
                    .orElse(0);
            long found = Long.parseLong(lines.get(0).split(" ")[2]);
            double[][] duck = new double[2][ROUNDS];
            for (int round = -1; round < ROUNDS; round++) {
                for (int way = 0; way < 2; way++) {
                    double seconds = duckDb(lake, threads, way == 1, found);
                    if (round >= 0) {
                        duck[way][round] = seconds;
                    }
                }
            }
            double best = Math.min(median(duck[0]), median(duck[1]));
            System.out.println(String.format(
                    Locale.ROOT,
                    "{\"bench\":\"slices\",\"candles\":%d,\"alerts\":%d,\"found\":%d,\"threads\":%d,\"seconds\":%.3f,"
                            + "\"duckdb_seconds\":%.3f,\"duckdb_join_seconds\":%.3f,\"duckdb_asof_seconds\":%.3f,"
                            + "\"ratio\":%.3f,\"heap_peak_mb\":%.0f,\"heap_limit_mb\":500,\"rounds\":%d}",
                    CANDLES,
                    ALERTS,
                    found,
                    threads,
                    median(ours),
                    best,
                    median(duck[0]),
                    median(duck[1]),
                    median(ours) / best,
                    heap,
                    ROUNDS));
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void corpus(Path lake, BenchmarkCandles candles) throws IOException {
        Path tenant = Lakes.tenant(lake);
        Path root = SealedCorpus.folder(tenant, "candles");
        CandleParts.Layout layout = new CandleParts.Layout("bucket", 1_000_000, WriteOptions.LAKE);
        Map<String, List<Integer>> buckets = new TreeMap<>();
        for (int symbol = 0; symbol < BenchmarkCandles.SYMBOLS; symbol++) {
            buckets.computeIfAbsent(Bucket.of(candles.series(symbol).symbol()), key -> new ArrayList<>())
                    .add(symbol);
        }
        List<CandlePart> parts = new ArrayList<>();
        List<Reach> reaches = new ArrayList<>();
        CandleColumns columns = new CandleColumns(CHUNK);
        for (Map.Entry<String, List<Integer>> bucket : buckets.entrySet()) {
            bucket.getValue().sort(Comparator.comparing(candles::series));
            try (CandleParts writer = new CandleParts(root, layout, bucket.getKey(), 0)) {
                for (int symbol : bucket.getValue()) {
                    for (long from = 0; from < candles.perSymbol(); from += CHUNK) {
                        columns.clear();
                        for (long minute = from; minute < Math.min(candles.perSymbol(), from + CHUNK); minute++) {
                            candles.add(symbol, minute, columns);
                        }
                        writer.write(candles.series(symbol), columns, 0, columns.rows());
                    }
                    reaches.add(new Reach(
                            candles.series(symbol),
                            candles.perSymbol(),
                            BenchmarkCandles.START_MICROS,
                            BenchmarkCandles.START_MICROS + (candles.perSymbol() - 1) * 60_000_000L));
                }
                parts.addAll(writer.finish());
            }
        }
        CorpusManifest manifest = new CorpusManifest(
                "default", "candles", 1, "", Map.of(), Map.of("kind", "made"), parts, reaches, Map.of());
        Path manifests = root.resolve(SealedCorpus.MANIFESTS);
        Files.createDirectories(manifests);
        Files.write(manifests.resolve(SealedCorpus.manifestName(1)), manifest.toBytes());
    }

    private static void alerts(Path file, BenchmarkCandles candles) throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("alert_id,source,symbol,ts_ms\n");
        for (int i = 0; i < ALERTS; i++) {
            var series = candles.series(random.nextInt(BenchmarkCandles.SYMBOLS));
            long tsMs =
                    BenchmarkCandles.START_MICROS / 1000 + (long) (random.nextDouble() * candles.perSymbol() * 60_000);
            text.append(i)
                    .append(',')
                    .append(series.source())
                    .append(',')
                    .append(series.symbol())
                    .append(',');
            text.append(tsMs).append('\n');
        }
        Files.writeString(file, text);
    }

    /** A line for each round: seconds, peak of the heap in MB, candles found. */
    private List<String> child(Path lake, int threads) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx500m",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ours.class.getName(),
                        lake.toString(),
                        folder.toString(),
                        Integer.toString(threads),
                        Integer.toString(ROUNDS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            out.lines().filter(line -> line.startsWith("round ")).forEach(line -> lines.add(line.substring(6)));
        }
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError("the exporting process failed");
        }
        return lines;
    }

    /** The other process. */
    static final class Ours {
        private Ours() {}

        public static void main(String[] args) throws Exception {
            Lakes.limits();
            Path lake = Path.of(args[0]);
            Path folder = Path.of(args[1]);
            for (int round = -1; round < Integer.parseInt(args[3]); round++) {
                Path config = CandleFixtures.config(
                        folder.resolve("slices.json"),
                        "kind",
                        "\"slices\"",
                        "alerts",
                        "\"alerts.csv\"",
                        "candles",
                        "\"corpus\"",
                        "pre_candles",
                        Integer.toString(AROUND),
                        "post_candles",
                        Integer.toString(AROUND));
                delete(Lakes.tenant(lake).resolve("runs"));
                long start = System.nanoTime();
                SliceRun.Result result = new SliceRun(
                                CandleFixtures.sources(lake),
                                Integer.parseInt(args[2]),
                                1_000_000,
                                Duration.ZERO,
                                ExportProgress.SILENT)
                        .run(config, false);
                double seconds = (System.nanoTime() - start) / 1e9;
                long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .map(MemoryPoolMXBean::getPeakUsage)
                        .mapToLong(usage -> usage.getUsed())
                        .sum();
                if (round >= 0) {
                    System.out.println("round " + seconds + " " + heap / 1e6 + " "
                            + result.report().get("found"));
                }
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private double duckDb(Path lake, int threads, boolean asof, long found) throws Exception {
        Path out = folder.resolve("duck");
        delete(out);
        String corpus = SealedCorpus.folder(Lakes.tenant(lake), "candles") + "/bucket=*/part-*.parquet";
        String candles = "read_parquet('" + corpus + "', hive_partitioning = true, hive_types = {'bucket': varchar})";
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("set threads = " + threads);
            statement.execute("set timezone = 'UTC'");
            long start = System.nanoTime();
            statement.execute("create table windows as select alert_id, source, symbol,"
                    + " make_timestamptz(((ts_ms // 60000 - " + AROUND + ") * 60000000)::bigint) as f,"
                    + " make_timestamptz(((ts_ms // 60000 + " + (AROUND + 1) + ") * 60000000)::bigint) as t"
                    + " from read_csv('" + folder.resolve("alerts.csv") + "')");
            String in = asof
                    ? "select c.* from " + candles + " c asof join windows w on c.source = w.source"
                            + " and c.symbol = w.symbol and c.ts >= w.f where c.ts < w.t"
                    : "select * from " + candles + " c where exists (select 1 from windows w where"
                            + " w.source = c.source and w.symbol = c.symbol and c.ts >= w.f and c.ts < w.t)";
            statement.execute("copy (" + in + " order by bucket, source, symbol, timeframe, ts) to '" + out
                    + "' (format parquet, partition_by (bucket), compression zstd, compression_level 3)");
            statement.execute("copy (select w.alert_id, count(c.ts) as found, count(c.ts) / " + (2 * AROUND + 1)
                    + "::double as ratio from windows w left join read_parquet('" + out + "/*/*.parquet') c on"
                    + " w.source = c.source and w.symbol = c.symbol and c.ts >= w.f and c.ts < w.t group by"
                    + " w.alert_id) to '" + folder.resolve("duck-coverage.parquet") + "' (format parquet)");
            double seconds = (System.nanoTime() - start) / 1e9;
            try (ResultSet row = statement.executeQuery(
                    "select sum(found) from '" + folder.resolve("duck-coverage.parquet") + "'")) {
                row.next();
                if (row.getLong(1) != found) {
                    throw new AssertionError("DuckDB found " + row.getLong(1) + ", we " + found);
                }
            }
            return seconds;
        }
    }
}
