package io.tidemark.contracts.files.write;

import io.tidemark.contracts.files.Codecs;
import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.schema.CandleHash;
import io.tidemark.contracts.files.schema.CandleSchema;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.contracts.files.write.WriteOptions.Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Writes one candle file, column by column: the values of a row group are gathered as they will stand in their
 * pages, so that nothing is taken apart into records and put together again.
 *
 * <p>The same rows in the same order with the same options give the same bytes on every machine: nothing of clock,
 * host or path goes into a file, and where row groups end depends on nothing but the number of rows. One page per
 * column and row group, with its checksum. Nothing is readable before {@link #finish}, which writes the footer and
 * syncs the file; renaming it and syncing its folder is the caller's. {@link #close} without a finish deletes what
 * was begun. Holds one row group, about 12 MB, and its largest page compressed. Not thread-safe.
 */
public final class CandleFileWriter implements AutoCloseable {
    private final Path file;
    private final HashedOutput output;
    private final ParquetFileWriter parquet;
    private final CandleGroupPages group;
    private final CandleHash hash = new CandleHash();
    private long rows;
    private long minTs = Long.MAX_VALUE;
    private long maxTs = Long.MIN_VALUE;
    private boolean closed;

    private CandleFileWriter(Path file, WriteOptions options) throws IOException {
        this.file = file;
        this.output = new HashedOutput(file);
        try {
            boolean zstd = options.codec() == Codec.ZSTD;
            BytesInputCompressor compressor = new Codecs(zstd ? options.level() : 3)
                    .getCompressor(zstd ? CompressionCodecName.ZSTD : CompressionCodecName.SNAPPY);
            parquet = new ParquetFileWriter(
                    output,
                    CandleSchema.MESSAGE,
                    ParquetFileWriter.Mode.CREATE,
                    Long.MAX_VALUE,
                    0,
                    ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH,
                    ParquetProperties.DEFAULT_STATISTICS_TRUNCATE_LENGTH,
                    true);
            group = new CandleGroupPages(compressor);
            parquet.start();
        } catch (IOException | RuntimeException e) {
            output.abandon();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** The file must not exist yet; its folder must. */
    public static CandleFileWriter open(Path file, WriteOptions options) throws IOException {
        return new CandleFileWriter(file, options);
    }

    /**
     * Adds rows {@code from} to {@code to}, the latter left out. The caller brings them in the order they shall
     * have; a row without a close is refused with {@link IllegalArgumentException}, and the file is as before.
     */
    public void write(Series series, CandleColumns candles, int from, int to) throws IOException {
        if (candles.hasNulls(CandleSchema.CLOSE, from, to)) {
            throw new IllegalArgumentException(file + ": a candle of " + series + " has no close");
        }
        int at = from;
        while (at < to) {
            int end = Math.min(to, at + WriteOptions.ROW_GROUP_ROWS - group.rows());
            hash.add(series, candles, at, end);
            group.add(series, candles, at, end);
            for (int row = at; row < end; row++) {
                minTs = Math.min(minTs, candles.time(row));
                maxTs = Math.max(maxTs, candles.time(row));
            }
            rows += end - at;
            at = end;
            if (group.rows() == WriteOptions.ROW_GROUP_ROWS) {
                group.writeTo(parquet);
            }
        }
    }

    public long rows() {
        return rows;
    }

    /** Writes the footer and syncs the file. Afterwards only {@link #close} may be called. */
    public CandleSummary finish() throws IOException {
        if (group.rows() > 0) {
            group.writeTo(parquet);
        }
        String rowHash = hash.hex();
        parquet.end(new TreeMap<>(Map.of(
                EventSchema.METADATA_KEY,
                CandleSchema.NAME,
                EventFileWriter.ROWS_KEY,
                Long.toString(rows),
                EventFileWriter.ROW_HASH_KEY,
                rowHash)));
        long bytes = output.getPos();
        String sha256 = output.syncAndClose();
        closed = true;
        return new CandleSummary(rows, bytes, sha256, rowHash, minTs, maxTs);
    }

    /** Does nothing after {@link #finish}; otherwise deletes the file. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            output.abandon();
            Files.deleteIfExists(file);
        }
    }
}
