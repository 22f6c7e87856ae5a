package io.tidemark.contracts.files.read;

import io.tidemark.contracts.files.Codecs;
import io.tidemark.contracts.files.DamagedFileException;
import io.tidemark.contracts.files.schema.CandleSchema;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;

/**
 * Reads a candle file row group by row group, column by column.
 *
 * <p>Opening checks the footer, the schema and the number of rows; a page's checksum is checked when its row group
 * is read, and what does not match is refused with {@link DamagedFileException}. Row groups that cannot hold what
 * is wanted are left on disk, and the numbers of a row group are unpacked only when somebody asks for them. Holds
 * one row group. Not thread-safe.
 */
public final class CandleFileReader implements AutoCloseable {
    private static final int TIME = CandleSchema.FIRST_NUMBER - 1;

    private final Path file;
    private final ParquetFileReader parquet;
    private final List<BlockMetaData> groups;
    private final long rows;
    private final String rowHash;

    private CandleFileReader(Path file) throws IOException {
        this.file = file;
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        try {
            parquet = ParquetFileReader.open(
                    new LocalInputFile(file),
                    ParquetReadOptions.builder(new PlainParquetConfiguration())
                            .withCodecFactory(Codecs.READING)
                            .usePageChecksumVerification(true)
                            .withUseHadoopVectoredIo(false)
                            .build());
        } catch (IOException | RuntimeException e) {
            throw damaged(file, e);
        }
        try {
            Map<String, String> metadata = parquet.getFileMetaData().getKeyValueMetaData();
            if (!CandleSchema.NAME.equals(metadata.get(EventSchema.METADATA_KEY))
                    || !parquet.getFileMetaData().getSchema().equals(CandleSchema.MESSAGE)) {
                throw new IOException("no candle file of Tidemark");
            }
            groups = parquet.getRowGroups();
            rows = Long.parseLong(String.valueOf(metadata.get(EventFileWriter.ROWS_KEY)));
            rowHash = String.valueOf(metadata.get(EventFileWriter.ROW_HASH_KEY));
            if (rows != parquet.getRecordCount()) {
                throw new IOException("its row groups have " + parquet.getRecordCount() + " rows, not " + rows);
            }
        } catch (IOException | RuntimeException e) {
            parquet.close();
            throw damaged(file, e);
        }
    }

    /** Throws {@link DamagedFileException} for anything but a whole candle file. */
    public static CandleFileReader open(Path file) throws IOException {
        return new CandleFileReader(file);
    }

    private static DamagedFileException damaged(Path file, Exception cause) {
        if (cause instanceof DamagedFileException known) {
            return known;
        }
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new DamagedFileException(file, "damaged or not a candle file: " + reason, cause);
    }

    public long rows() {
        return rows;
    }

    /** As the footer says; who reads all rows can prove it. */
    public String rowHash() {
        return rowHash;
    }

    public int groups() {
        return groups.size();
    }

    /** First opening time of a row group, in microseconds, as its statistics say. */
    public long minTime(int group) {
        return times(group).getMin();
    }

    public long maxTime(int group) {
        return times(group).getMax();
    }

    private LongStatistics times(int group) {
        return (LongStatistics) groups.get(group).getColumns().get(TIME).getStatistics();
    }

    /** Reads a row group. */
    public CandleGroup read(int group) throws IOException {
        try {
            PageReadStore pages = parquet.readRowGroup(group);
            return new CandleGroup(file, pages);
        } catch (IOException | RuntimeException e) {
            throw damaged(file, e);
        }
    }

    @Override
    public void close() throws IOException {
        parquet.close();
    }

    static DamagedFileException damagedPage(Path file, Exception cause) {
        return damaged(file, cause);
    }
}
