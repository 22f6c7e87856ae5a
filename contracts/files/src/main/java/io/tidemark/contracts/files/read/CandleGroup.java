package io.tidemark.contracts.files.read;

import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.schema.CandleSchema;
import io.tidemark.contracts.files.schema.Series;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesReader;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;
import org.jspecify.annotations.Nullable;

/** One row group of a candle file: series and times at once, numbers when they are asked for. */
public final class CandleGroup {
    private static final int WIDTH = CandleSchema.NUMBER_BYTES;
    private static final int TEXTS = CandleSchema.FIRST_NUMBER - 1;

    /** Rows {@code from} to {@code to} are of one series; the latter left out. */
    public record Run(Series series, int from, int to) {}

    private final Path file;
    private final PageReadStore pages;
    private final List<ColumnDescriptor> columns = CandleSchema.MESSAGE.getColumns();
    private final int rows;
    private final long[] times;
    private final List<Run> runs;
    private @Nullable CandleColumns candles;

    CandleGroup(Path file, PageReadStore pages) throws IOException {
        this.file = file;
        this.pages = pages;
        this.rows = Math.toIntExact(pages.getRowCount());
        this.runs = readRuns();
        this.times = readTimes();
    }

    public int rows() {
        return rows;
    }

    /** In the order of the file. */
    public List<Run> runs() {
        return runs;
    }

    public long[] times() {
        return times;
    }

    /** With the numbers. */
    public CandleColumns candles() throws IOException {
        CandleColumns known = candles;
        if (known != null) {
            return known;
        }
        CandleColumns read = new CandleColumns(times);
        try {
            for (int number = 0; number < CandleSchema.NUMBERS; number++) {
                readNumbers(read, number);
            }
        } catch (IOException | RuntimeException e) {
            throw CandleFileReader.damagedPage(file, e);
        }
        candles = read;
        return read;
    }

    /** The one data page that the writer makes of a column. */
    private DataPageV1 page(ColumnDescriptor column, Encoding encoding) throws IOException {
        return page(pages.getPageReader(column), column, encoding);
    }

    private DataPageV1 page(PageReader reader, ColumnDescriptor column, Encoding encoding) throws IOException {
        DataPage page = reader.readPage();
        if (!(page instanceof DataPageV1 data) || data.getValueCount() != rows || data.getValueEncoding() != encoding) {
            throw new IOException("column " + column.getPath()[0] + " is not encoded as the format says");
        }
        return data;
    }

    private List<Run> readRuns() throws IOException {
        int[][] places = new int[TEXTS][];
        String[][] words = new String[TEXTS][];
        for (int text = 0; text < TEXTS; text++) {
            ColumnDescriptor column = columns.get(text);
            PageReader reader = pages.getPageReader(column);
            words[text] = dictionary(reader.readDictionaryPage(), column);
            places[text] = places(page(reader, column, Encoding.PLAIN_DICTIONARY), words[text].length);
        }
        List<Run> found = new ArrayList<>();
        int from = 0;
        for (int row = 1; row <= rows; row++) {
            boolean same = row < rows;
            for (int text = 0; same && text < TEXTS; text++) {
                same = places[text][row] == places[text][row - 1];
            }
            if (!same) {
                Series series = new Series(
                        words[0][places[0][from]],
                        words[1][places[1][from]],
                        words[2][places[2][from]],
                        words[3][places[3][from]]);
                found.add(new Run(series, from, row));
                from = row;
            }
        }
        return List.copyOf(found);
    }

    private static String[] dictionary(@Nullable DictionaryPage page, ColumnDescriptor column) throws IOException {
        if (page == null) {
            throw new IOException("column " + column.getPath()[0] + " has no dictionary");
        }
        ByteBuffer bytes = page.getBytes().toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        String[] words = new String[page.getDictionarySize()];
        for (int i = 0; i < words.length; i++) {
            byte[] utf8 = new byte[bytes.getInt()];
            bytes.get(utf8);
            words[i] = new String(utf8, StandardCharsets.UTF_8);
        }
        return words;
    }

    private int[] places(DataPageV1 page, int words) throws IOException {
        int[] places = new int[rows];
        if (words == 1) {
            return places;
        }
        ByteBufferInputStream in = page.getBytes().toInputStream();
        RunLengthBitPackingHybridDecoder decoder = new RunLengthBitPackingHybridDecoder(in.read(), in);
        for (int row = 0; row < rows; row++) {
            places[row] = decoder.readInt();
        }
        return places;
    }

    private long[] readTimes() throws IOException {
        DataPageV1 page = page(columns.get(TEXTS), Encoding.DELTA_BINARY_PACKED);
        DeltaBinaryPackingValuesReader reader = new DeltaBinaryPackingValuesReader();
        reader.initFromPage(rows, page.getBytes().toInputStream());
        long[] read = new long[rows];
        for (int row = 0; row < rows; row++) {
            read[row] = reader.readLong();
        }
        return read;
    }

    private void readNumbers(CandleColumns into, int number) throws IOException {
        ColumnDescriptor column = columns.get(CandleSchema.FIRST_NUMBER + number);
        ByteBuffer bytes =
                page(column, Encoding.PLAIN).getBytes().toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        BitSet absent = null;
        if (column.getMaxDefinitionLevel() > 0) {
            int length = bytes.getInt();
            absent = absent(ByteBufferInputStream.wrap(bytes.slice().limit(length)));
            bytes.position(bytes.position() + length);
        }
        int present = rows - (absent == null ? 0 : absent.cardinality());
        if (bytes.remaining() != present * WIDTH) {
            throw new IOException("column " + column.getPath()[0] + " has another number of values than rows");
        }
        if (present == rows && bytes.hasArray()) {
            into.put(number, bytes.array(), bytes.arrayOffset() + bytes.position(), null);
            return;
        }
        byte[] spread = new byte[rows * WIDTH];
        for (int row = 0; row < rows; row++) {
            if (absent == null || !absent.get(row)) {
                bytes.get(spread, row * WIDTH, WIDTH);
            }
        }
        into.put(number, spread, 0, absent);
    }

    private @Nullable BitSet absent(ByteBufferInputStream levels) throws IOException {
        RunLengthBitPackingHybridDecoder decoder = new RunLengthBitPackingHybridDecoder(1, levels);
        BitSet absent = null;
        for (int row = 0; row < rows; row++) {
            if (decoder.readInt() == 0) {
                absent = absent == null ? new BitSet(rows) : absent;
                absent.set(row);
            }
        }
        return absent;
    }
}
