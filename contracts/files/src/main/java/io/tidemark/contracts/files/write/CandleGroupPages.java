package io.tidemark.contracts.files.write;

import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.schema.CandleSchema;
import io.tidemark.contracts.files.schema.Series;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.jspecify.annotations.Nullable;

/**
 * One row group of candles on its way into a file: texts as dictionaries, times as packed differences, numbers as
 * they are. Filled again and again by one {@link CandleFileWriter}.
 */
final class CandleGroupPages {
    private static final int CAPACITY = WriteOptions.ROW_GROUP_ROWS;
    private static final int WIDTH = CandleSchema.NUMBER_BYTES;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final List<Function<Series, String>> TEXTS =
            List.of(Series::tenant, Series::source, Series::symbol, Series::timeframe);

    private record Run(Series series, int rows) {}

    private final BytesInputCompressor compressor;
    private final List<ColumnDescriptor> columns = CandleSchema.MESSAGE.getColumns();
    private final List<Run> runs = new ArrayList<>();
    private final long[] times = new long[CAPACITY];
    private final byte[][] numbers = new byte[CandleSchema.NUMBERS][CAPACITY * WIDTH];
    private final int[] present = new int[CandleSchema.NUMBERS];
    private final boolean[][] absent = new boolean[CandleSchema.NUMBERS][CAPACITY];
    private int rows;

    CandleGroupPages(BytesInputCompressor compressor) {
        this.compressor = compressor;
    }

    int rows() {
        return rows;
    }

    /** At most as many as are missing to a full group. */
    void add(Series series, CandleColumns candles, int from, int to) {
        int count = to - from;
        int last = runs.size() - 1;
        if (last >= 0 && runs.get(last).series().equals(series)) {
            runs.set(last, new Run(series, runs.get(last).rows() + count));
        } else {
            runs.add(new Run(series, count));
        }
        System.arraycopy(candles.times(), from, times, rows, count);
        for (int number = 0; number < numbers.length; number++) {
            if (!candles.hasNulls(number, from, to)) {
                System.arraycopy(
                        candles.bytes(number),
                        candles.at(number, from),
                        numbers[number],
                        present[number] * WIDTH,
                        count * WIDTH);
                present[number] += count;
                continue;
            }
            for (int row = from; row < to; row++) {
                if (candles.isNull(number, row)) {
                    absent[number][rows + row - from] = true;
                } else {
                    System.arraycopy(
                            candles.bytes(number),
                            candles.at(number, row),
                            numbers[number],
                            present[number]++ * WIDTH,
                            WIDTH);
                }
            }
        }
        rows += count;
    }

    /** Writes the group and is empty again. */
    void writeTo(ParquetFileWriter parquet) throws IOException {
        parquet.startBlock(rows);
        for (int text = 0; text < TEXTS.size(); text++) {
            writeTexts(parquet, columns.get(text), TEXTS.get(text));
        }
        writeTimes(parquet, columns.get(TEXTS.size()));
        for (int number = 0; number < numbers.length; number++) {
            writeNumbers(parquet, columns.get(CandleSchema.FIRST_NUMBER + number), number);
        }
        parquet.endBlock();
        for (int number = 0; number < numbers.length; number++) {
            if (present[number] != rows) {
                Arrays.fill(absent[number], false);
            }
            present[number] = 0;
        }
        runs.clear();
        rows = 0;
    }

    private void writeTexts(ParquetFileWriter parquet, ColumnDescriptor column, Function<Series, String> text)
            throws IOException {
        Map<String, Integer> places = new LinkedHashMap<>();
        for (Run run : runs) {
            places.putIfAbsent(text.apply(run.series()), places.size());
        }
        ByteArrayOutputStream dictionary = new ByteArrayOutputStream();
        byte[] min = null;
        byte[] max = null;
        for (String value : places.keySet()) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            BytesUtils.writeIntLittleEndian(dictionary, utf8.length);
            dictionary.write(utf8);
            min = min == null || Arrays.compareUnsigned(utf8, min) < 0 ? utf8 : min;
            max = max == null || Arrays.compareUnsigned(utf8, max) > 0 ? utf8 : max;
        }
        int width = BytesUtils.getWidthFromMaxInt(places.size() - 1);
        BytesInput page;
        try (RunLengthBitPackingHybridEncoder encoder =
                new RunLengthBitPackingHybridEncoder(width, 64, CAPACITY, HeapByteBufferAllocator.getInstance())) {
            for (Run run : runs) {
                int place = places.getOrDefault(text.apply(run.series()), 0);
                for (int i = 0; i < run.rows(); i++) {
                    encoder.writeInt(place);
                }
            }
            page = BytesInput.copy(BytesInput.concat(BytesInput.fromUnsignedVarInt(width), encoder.toBytes()));
        }
        parquet.startColumn(column, rows, compressor.getCodecName());
        BytesInput words = BytesInput.from(dictionary.toByteArray());
        parquet.writeDictionaryPage(
                new DictionaryPage(compress(words), (int) words.size(), places.size(), Encoding.PLAIN_DICTIONARY));
        writePage(parquet, page, statistics(column, min, max, 0), Encoding.BIT_PACKED, Encoding.PLAIN_DICTIONARY);
        parquet.endColumn();
    }

    private void writeTimes(ParquetFileWriter parquet, ColumnDescriptor column) throws IOException {
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        BytesInput page;
        DeltaBinaryPackingValuesWriterForLong encoder = new DeltaBinaryPackingValuesWriterForLong(
                4096, CAPACITY * Long.BYTES, HeapByteBufferAllocator.getInstance());
        try {
            for (int row = 0; row < rows; row++) {
                encoder.writeLong(times[row]);
                min = Math.min(min, times[row]);
                max = Math.max(max, times[row]);
            }
            page = BytesInput.copy(encoder.getBytes());
        } finally {
            encoder.close();
        }
        parquet.startColumn(column, rows, compressor.getCodecName());
        Statistics<?> statistics = statistics(column, BytesUtils.longToBytes(min), BytesUtils.longToBytes(max), 0);
        writePage(parquet, page, statistics, Encoding.BIT_PACKED, Encoding.DELTA_BINARY_PACKED);
        parquet.endColumn();
    }

    private void writeNumbers(ParquetFileWriter parquet, ColumnDescriptor column, int number) throws IOException {
        byte[] values = numbers[number];
        int count = present[number];
        BytesInput plain = BytesInput.from(values, 0, count * WIDTH);
        boolean optional = column.getMaxDefinitionLevel() > 0;
        BytesInput page = optional ? BytesInput.concat(levels(number), plain) : plain;
        int min = 0;
        int max = 0;
        for (int i = 1; i < count; i++) {
            if (compare(values, i, min) < 0) {
                min = i;
            } else if (compare(values, i, max) > 0) {
                max = i;
            }
        }
        Statistics<?> statistics = count == 0
                ? statistics(column, null, null, rows)
                : statistics(column, value(values, min), value(values, max), rows - count);
        parquet.startColumn(column, rows, compressor.getCodecName());
        writePage(parquet, page, statistics, optional ? Encoding.RLE : Encoding.BIT_PACKED, Encoding.PLAIN);
        parquet.endColumn();
    }

    private BytesInput levels(int number) throws IOException {
        try (RunLengthBitPackingHybridEncoder encoder =
                new RunLengthBitPackingHybridEncoder(1, 64, CAPACITY, HeapByteBufferAllocator.getInstance())) {
            boolean[] missing = absent[number];
            for (int row = 0; row < rows; row++) {
                encoder.writeInt(missing[row] ? 0 : 1);
            }
            BytesInput bytes = BytesInput.copy(encoder.toBytes());
            return BytesInput.concat(BytesInput.fromInt((int) bytes.size()), bytes);
        }
    }

    private static byte[] value(byte[] values, int index) {
        return Arrays.copyOfRange(values, index * WIDTH, (index + 1) * WIDTH);
    }

    /** As signed numbers of 128 bits. */
    private static int compare(byte[] values, int left, int right) {
        int high = Long.compare((long) LONGS.get(values, left * WIDTH), (long) LONGS.get(values, right * WIDTH));
        return high != 0
                ? high
                : Long.compareUnsigned(
                        (long) LONGS.get(values, left * WIDTH + 8), (long) LONGS.get(values, right * WIDTH + 8));
    }

    private static Statistics<?> statistics(
            ColumnDescriptor column, byte @Nullable [] min, byte @Nullable [] max, long nulls) {
        Statistics.Builder builder = Statistics.getBuilderForReading(column.getPrimitiveType());
        if (min != null && max != null) {
            builder.withMin(min).withMax(max);
        }
        return builder.withNumNulls(nulls).build();
    }

    private BytesInput compress(BytesInput plain) throws IOException {
        return compressor.compress(plain);
    }

    private void writePage(
            ParquetFileWriter parquet, BytesInput page, Statistics<?> statistics, Encoding levels, Encoding values)
            throws IOException {
        parquet.writeDataPage(
                rows, (int) page.size(), compress(page), statistics, rows, Encoding.BIT_PACKED, levels, values);
    }
}
