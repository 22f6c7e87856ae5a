package io.tidemark.lake.parquet;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.schema.CandleSchema;
import io.tidemark.contracts.files.write.CandleFileWriter;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.files.write.WriteOptions.Codec;
import io.tidemark.lake.BenchmarkCandles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writing sorted candles to one file on one thread, beside DuckDB's {@code COPY … TO} with one thread.
 *
 * <p>{@code mvn -Pbench -pl lake-exporter verify -Dit.test=CandleWriteBenchmark}; {@code -Dtidemark.bench.rows},
 * {@code -Dtidemark.bench.rounds}. Both have their rows in memory or in their own table before the clock starts;
 * ours hashes rows and file and syncs the file, which DuckDB does not. One round warms up, then medians; the
 * figures {@code cpu} count processor time, for machines that do other things too.
 */
class CandleWriteBenchmark {
    private static final int ROWS = Integer.getInteger("tidemark.bench.rows", 2_000_000);
    private static final int ROUNDS = Integer.getInteger("tidemark.bench.rounds", 5);
    private static final int CHUNK = 10_000;

    @TempDir
    Path folder;

    private record Cost(double seconds, double cpu) {}

    @Test
    void candles() throws Exception {
        BenchmarkCandles candles = new BenchmarkCandles(ROWS);
        for (Codec codec : Codec.values()) {
            double[][] wall = new double[3][ROUNDS];
            double[][] cpu = new double[3][ROUNDS];
            Path ours = folder.resolve("ours.parquet");
            Path duck = folder.resolve("duck.parquet");
            Path table = folder.resolve("source.duckdb");
            for (int round = -1; round < ROUNDS; round++) {
                Files.deleteIfExists(ours);
                Files.deleteIfExists(duck);
                Cost decimals = ours(candles, ours, codec, true);
                Files.delete(ours);
                Cost columns = ours(candles, ours, codec, false);
                if (!Files.exists(table)) {
                    load(table, ours);
                }
                Cost duckDb = duckDb(table, duck, codec);
                if (round >= 0) {
                    Cost[] costs = {columns, decimals, duckDb};
                    for (int i = 0; i < costs.length; i++) {
                        wall[i][round] = costs[i].seconds();
                        cpu[i][round] = costs[i].cpu();
                    }
                }
            }
            compare(table, ours);
            report(codec, "columns", median(wall[0]), median(cpu[0]), wall[2], cpu[2], ours, duck);
            report(codec, "decimals", median(wall[1]), median(cpu[1]), wall[2], cpu[2], ours, duck);
        }
    }

    private static void report(
            Codec codec,
            String from,
            double wall,
            double cpu,
            double[] duckWall,
            double[] duckCpu,
            Path ours,
            Path duck)
            throws IOException {
        System.out.println(String.format(
                Locale.ROOT,
                "{\"bench\":\"candle-write\",\"codec\":\"%s\",\"from\":\"%s\",\"rows\":%d,\"rows_per_s\":%.0f,"
                        + "\"duckdb_rows_per_s\":%.0f,\"ratio\":%.3f,\"rows_per_cpu_s\":%.0f,"
                        + "\"duckdb_rows_per_cpu_s\":%.0f,\"cpu_ratio\":%.3f,\"bytes\":%d,\"duckdb_bytes\":%d,"
                        + "\"bytes_ratio\":%.4f,\"rounds\":%d}",
                codec.label(),
                from,
                ROWS,
                ROWS / wall,
                ROWS / median(duckWall),
                median(duckWall) / wall,
                ROWS / cpu,
                ROWS / median(duckCpu),
                median(duckCpu) / cpu,
                Files.size(ours),
                Files.size(duck),
                (double) Files.size(ours) / Files.size(duck),
                ROUNDS));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Of the whole process: DuckDB's threads count too, as does our garbage collector. */
    private static double cpu() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                        .getProcessCpuTime()
                / 1e9;
    }

    /** @param decimals whether making columns of exact decimals counts too */
    private static Cost ours(BenchmarkCandles candles, Path file, Codec codec, boolean decimals) throws IOException {
        CandleColumns columns = new CandleColumns(CHUNK);
        CandleColumns again = new CandleColumns(CHUNK);
        double seconds = 0;
        double used = 0;
        try (CandleFileWriter writer = CandleFileWriter.open(file, new WriteOptions(codec, 3, 8 << 20))) {
            for (int symbol = 0; symbol < BenchmarkCandles.SYMBOLS; symbol++) {
                for (long from = 0; from < candles.perSymbol(); from += CHUNK) {
                    long to = Math.min(candles.perSymbol(), from + CHUNK);
                    columns.clear();
                    for (long minute = from; minute < to; minute++) {
                        candles.add(symbol, minute, columns);
                    }
                    Decimal38[][] exact = decimals ? exact(candles, symbol, from, to) : new Decimal38[0][];
                    double cpu = cpu();
                    long start = System.nanoTime();
                    if (decimals) {
                        rebuild(columns.times(), exact, again);
                        writer.write(candles.series(symbol), again, 0, again.rows());
                    } else {
                        writer.write(candles.series(symbol), columns, 0, columns.rows());
                    }
                    seconds += (System.nanoTime() - start) / 1e9;
                    used += cpu() - cpu;
                }
            }
            double cpu = cpu();
            long start = System.nanoTime();
            writer.finish();
            return new Cost(seconds + (System.nanoTime() - start) / 1e9, used + cpu() - cpu);
        }
    }

    private static Decimal38[][] exact(BenchmarkCandles candles, int symbol, long from, long to) {
        Decimal38[][] rows = new Decimal38[(int) (to - from)][CandleSchema.NUMBERS];
        for (int row = 0; row < rows.length; row++) {
            BigDecimal[] numbers = candles.numbers(symbol, from + row);
            for (int number = 0; number < CandleSchema.NUMBERS; number++) {
                rows[row][number] = Decimal38.of(numbers[number].toPlainString());
            }
        }
        return rows;
    }

    private static void rebuild(long[] times, Decimal38[][] rows, CandleColumns to) {
        to.clear();
        for (int row = 0; row < rows.length; row++) {
            to.add(times[row]);
            for (int number = 0; number < CandleSchema.NUMBERS; number++) {
                to.set(number, rows[row][number]);
            }
        }
    }

    private static void load(Path table, Path file) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + table);
                Statement statement = connection.createStatement()) {
            statement.execute("set threads=1");
            statement.execute("create table candles as select * from read_parquet('" + file + "')");
            statement.execute("checkpoint");
        }
    }

    private static Cost duckDb(Path table, Path file, Codec codec) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + table);
                Statement statement = connection.createStatement()) {
            statement.execute("set threads=1");
            double cpu = cpu();
            long start = System.nanoTime();
            statement.execute("copy candles to '" + file + "' (format parquet, compression " + codec.label()
                    + (codec == Codec.ZSTD ? ", compression_level 3" : "") + ", row_group_size 122880)");
            return new Cost((System.nanoTime() - start) / 1e9, cpu() - cpu);
        }
    }

    /** What is fast must also be right. */
    private static void compare(Path table, Path file) throws Exception {
        String sums = "(count(*), sum(close), sum(volume), sum(epoch_us(ts)), min(symbol), max(high))::varchar";
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + table);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select (select " + sums + " from candles) = (select " + sums
                        + " from read_parquet('" + file + "'))")) {
            row.next();
            if (!row.getBoolean(1)) {
                throw new AssertionError(file + " does not hold the table's rows");
            }
        }
    }
}
