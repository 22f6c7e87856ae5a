package io.tidemark.contracts.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.files.read.CandleFileReader;
import io.tidemark.contracts.files.read.CandleGroup;
import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.schema.CandleHash;
import io.tidemark.contracts.files.schema.CandleSchema;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.contracts.files.write.CandleFileWriter;
import io.tidemark.contracts.files.write.CandleSummary;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.files.write.WriteOptions.Codec;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CandleFileTest {
    private static final String[] NAMES = {"open", "high", "low", "close", "volume"};
    private static final BigDecimal WIDEST =
            new BigDecimal(BigInteger.TEN.pow(38).subtract(BigInteger.ONE), 18);

    @TempDir
    Path folder;

    private record Candle(Series series, long ts, @Nullable BigDecimal[] numbers) {}

    /** Series of very different length with absent numbers, negative ones and the widest. */
    private static List<Candle> sample(int rows, boolean nulls) {
        Random random = new Random(7);
        List<Candle> candles = new ArrayList<>();
        int left = rows;
        int number = 0;
        while (left > 0) {
            int count = Math.min(left, 1 + random.nextInt(number % 3 == 0 ? 10 : rows / 2 + 1));
            Series series = new Series("default", number % 2 == 0 ? "binance" : "okx", "S" + number + "-ü", "1m");
            for (int i = 0; i < count; i++) {
                BigDecimal[] numbers = new BigDecimal[5];
                for (int n = 0; n < 5; n++) {
                    numbers[n] = switch (random.nextInt(40)) {
                        case 0 -> WIDEST;
                        case 1 -> WIDEST.negate();
                        case 2 -> n != CandleSchema.CLOSE && nulls ? null : BigDecimal.ZERO;
                        default -> BigDecimal.valueOf(random.nextLong(), random.nextInt(19));
                    };
                }
                candles.add(new Candle(series, 1_700_000_000_000_000L + (i + i / 100 * 7L) * 60_000_000L, numbers));
            }
            left -= count;
            number++;
        }
        return candles;
    }

    private static CandleSummary write(Path file, List<Candle> candles, WriteOptions options, int chunk)
            throws IOException {
        try (CandleFileWriter writer = CandleFileWriter.open(file, options)) {
            int at = 0;
            CandleColumns columns = new CandleColumns(4);
            while (at < candles.size()) {
                Series series = candles.get(at).series();
                columns.clear();
                while (at < candles.size()
                        && columns.rows() < chunk
                        && candles.get(at).series().equals(series)) {
                    columns.add(candles.get(at).ts());
                    for (int n = 0; n < 5; n++) {
                        BigDecimal value = candles.get(at).numbers()[n];
                        if (value != null) {
                            Decimal38 exact = new Decimal38();
                            assertEquals(Decimal38.Outcome.EXACT, exact.set(value));
                            columns.set(n, exact);
                        }
                    }
                    at++;
                }
                writer.write(series, columns, 0, columns.rows());
            }
            return writer.finish();
        }
    }

    private static @Nullable BigDecimal number(CandleColumns columns, int number, int row) {
        if (columns.isNull(number, row)) {
            return null;
        }
        Decimal38 value = new Decimal38();
        value.readFixed16(columns.bytes(number), columns.at(number, row));
        return value.toBigDecimal();
    }

    private static boolean same(@Nullable BigDecimal left, @Nullable BigDecimal right) {
        return left == null ? right == null : right != null && left.compareTo(right) == 0;
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void whatWasWrittenIsReadAgain(Codec codec) throws IOException {
        for (boolean nulls : new boolean[] {true, false}) {
            List<Candle> candles = sample(200_000, nulls);
            Path file = folder.resolve(codec + "-" + nulls + ".parquet");
            CandleSummary summary = write(file, candles, new WriteOptions(codec, 3, 1 << 20), 5_000);
            assertEquals(candles.size(), summary.rows());
            int at = 0;
            CandleHash hash = new CandleHash();
            try (CandleFileReader reader = CandleFileReader.open(file)) {
                assertEquals(2, reader.groups());
                for (int g = 0; g < reader.groups(); g++) {
                    CandleGroup group = reader.read(g);
                    CandleColumns columns = group.candles();
                    for (CandleGroup.Run run : group.runs()) {
                        hash.add(run.series(), columns, run.from(), run.to());
                        for (int row = run.from(); row < run.to(); row++, at++) {
                            Candle expected = candles.get(at);
                            assertEquals(expected.series(), run.series());
                            assertEquals(expected.ts(), columns.time(row));
                            assertTrue(reader.minTime(g) <= expected.ts() && expected.ts() <= reader.maxTime(g));
                            for (int n = 0; n < 5; n++) {
                                assertTrue(same(expected.numbers()[n], number(columns, n, row)));
                            }
                        }
                    }
                }
                assertEquals(candles.size(), at);
                assertEquals(summary.rowHash(), hash.hex());
                assertEquals(summary.rowHash(), reader.rowHash());
            }
        }
    }

    @Test
    void theSameRowsAreTheSameBytesHoweverTheyCome() throws IOException {
        List<Candle> candles = sample(150_000, true);
        CandleSummary one = write(folder.resolve("one.parquet"), candles, WriteOptions.LAKE, 1);
        CandleSummary many = write(folder.resolve("many.parquet"), candles, WriteOptions.LAKE, 77_777);
        assertEquals(one, many);
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("one.parquet")), Files.readAllBytes(folder.resolve("many.parquet")));
    }

    @Test
    void duckDbReadsTheSameValues() throws Exception {
        List<Candle> candles = sample(130_000, true);
        Path file = folder.resolve("candles.parquet");
        write(file, candles, WriteOptions.LAKE, 10_000);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("select *, epoch_us(ts) as micros from read_parquet('" + file + "')")) {
            for (Candle candle : candles) {
                assertTrue(rows.next());
                assertEquals(candle.series().symbol(), rows.getString("symbol"));
                assertEquals(candle.series().source(), rows.getString("source"));
                assertEquals(candle.ts(), rows.getLong("micros"));
                for (int n = 0; n < 5; n++) {
                    assertTrue(same(candle.numbers()[n], rows.getBigDecimal(NAMES[n])));
                }
            }
            assertFalse(rows.next());
        }
        // The statistics must be true, or a filter would lose rows.
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            for (String name : NAMES) {
                String text = "select (select (min(" + name + "), max(" + name + "), count(*) - count(" + name
                        + "))::varchar from read_parquet('" + file
                        + "')) = (select (min(stats_min_value::decimal(38,18)), max(stats_max_value::decimal(38,18)),"
                        + " sum(stats_null_count)::bigint)::varchar from parquet_metadata('" + file
                        + "') where path_in_schema = '" + name + "')";
                try (ResultSet row = statement.executeQuery(text)) {
                    row.next();
                    assertTrue(row.getBoolean(1), name);
                }
            }
        }
    }

    @Test
    void theUsualRecordReaderOfParquetReadsTheSameValues() throws IOException {
        List<Candle> candles = sample(3_000, true);
        Path file = folder.resolve("candles.parquet");
        write(file, candles, WriteOptions.LAKE, 100);
        try (ParquetReader<Group> reader = new GroupBuilder(new LocalInputFile(file)).build()) {
            for (Candle candle : candles) {
                Group row = reader.read();
                assertEquals(candle.series().symbol(), row.getString("symbol", 0));
                assertEquals(candle.ts(), row.getLong("ts", 0));
                for (int n = 0; n < 5; n++) {
                    BigDecimal value = row.getFieldRepetitionCount(NAMES[n]) == 0
                            ? null
                            : new BigDecimal(
                                    new BigInteger(row.getBinary(NAMES[n], 0).getBytes()), 18);
                    assertTrue(same(candle.numbers()[n], value));
                }
            }
        }
    }

    private static final class GroupBuilder extends ParquetReader.Builder<Group> {
        GroupBuilder(InputFile file) {
            super(file, new PlainParquetConfiguration());
            withCodecFactory(Codecs.READING);
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }

    @Test
    void aFileThatIsCutOrChangedIsRefused() throws IOException {
        Path file = folder.resolve("candles.parquet");
        write(file, sample(2_000, true), WriteOptions.LAKE, 100);
        byte[] whole = Files.readAllBytes(file);
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Path bad = folder.resolve("bad.parquet");
        for (int i = 0; i < 60; i++) {
            Files.write(bad, java.util.Arrays.copyOf(whole, random.nextInt(whole.length)));
            assertThrows(DamagedFileException.class, () -> readAll(bad));
        }
        String before = readAll(file);
        int refused = 0;
        for (int i = 0; i < 200; i++) {
            byte[] changed = whole.clone();
            changed[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(bad, changed);
            try {
                // A few bits, such as those of a page's own statistics, say nothing about the rows.
                assertEquals(before, readAll(bad));
            } catch (DamagedFileException e) {
                refused++;
            }
        }
        assertTrue(refused > 150, refused + " of 200 refused");
    }

    private static String readAll(Path file) throws IOException {
        CandleHash hash = new CandleHash();
        try (CandleFileReader reader = CandleFileReader.open(file)) {
            for (int g = 0; g < reader.groups(); g++) {
                CandleGroup group = reader.read(g);
                for (CandleGroup.Run run : group.runs()) {
                    hash.add(run.series(), group.candles(), run.from(), run.to());
                }
            }
        }
        return hash.hex();
    }

    @Test
    void aCandleWithoutACloseIsRefusedAndTheFileGoesOn() throws IOException {
        Series series = new Series("default", "x", "A-B", "1m");
        CandleColumns columns = new CandleColumns(2);
        columns.add(0);
        try (CandleFileWriter writer = CandleFileWriter.open(folder.resolve("a.parquet"), WriteOptions.LAKE)) {
            assertThrows(IllegalArgumentException.class, () -> writer.write(series, columns, 0, 1));
            columns.set(CandleSchema.CLOSE, Decimal38.of("1.5"));
            writer.write(series, columns, 0, 1);
            assertEquals(1, writer.finish().rows());
        }
        assertEquals(64, HexFormat.of().parseHex(readAll(folder.resolve("a.parquet"))).length * 2);
    }

    @Test
    void aWriterThatIsClosedWithoutAFinishLeavesNothing() throws IOException {
        Path file = folder.resolve("a.parquet");
        try (CandleFileWriter writer = CandleFileWriter.open(file, WriteOptions.LAKE)) {
            assertEquals(0, writer.rows());
        }
        assertFalse(Files.exists(file));
    }
}
