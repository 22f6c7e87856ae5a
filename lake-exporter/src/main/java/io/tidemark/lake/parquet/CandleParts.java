package io.tidemark.lake.parquet;

import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.contracts.files.write.CandleFileWriter;
import io.tidemark.contracts.files.write.CandleSummary;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.lake.manifest.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the sorted candles of one bucket into {@code part-0000.parquet} and so on, one open at a time.
 *
 * <p>A part has its name only when it is whole and synced; the bucket's own name in the folder above is the
 * caller's to sync. {@link #close} without {@link #finish} deletes the part
 * that is open; finished ones are the caller's. Used by one thread.
 */
public final class CandleParts implements AutoCloseable {
    /** Ends the name of what is being written. */
    public static final String TEMPORARY = ".tmp";

    /**
     * How parts are laid out; all of it decides bytes or names.
     *
     * @param bucketFolder what stands in front of {@code =00}
     * @param rowsPerPart a part ends there
     */
    public record Layout(String bucketFolder, long rowsPerPart, WriteOptions options) {
        public String folder(String bucket) {
            return bucketFolder + "=" + bucket;
        }
    }

    private final Path root;
    private final Layout layout;
    private final String bucket;
    private final Path folder;
    private final List<CandlePart> parts = new ArrayList<>();
    private int number;
    private @Nullable CandleFileWriter writer;
    private Path temporary;

    /** @param firstNumber of the first part; others of the bucket may be there already */
    public CandleParts(Path root, Layout layout, String bucket, int firstNumber) {
        this.root = root;
        this.layout = layout;
        this.bucket = bucket;
        this.number = firstNumber;
        this.folder = root.resolve(layout.folder(bucket));
        this.temporary = folder;
    }

    public void write(Series series, CandleColumns candles, int from, int to) throws IOException {
        int at = from;
        while (at < to) {
            CandleFileWriter open = writer == null ? openPart() : writer;
            int end = (int) Math.min(to, at + layout.rowsPerPart() - open.rows());
            open.write(series, candles, at, end);
            at = end;
            if (open.rows() == layout.rowsPerPart()) {
                closePart();
            }
        }
    }

    private static String name(int number) {
        return String.format("part-%04d.parquet", number);
    }

    private CandleFileWriter openPart() throws IOException {
        Files.createDirectories(folder);
        temporary = folder.resolve("." + name(number) + TEMPORARY);
        Files.deleteIfExists(temporary);
        CandleFileWriter opened = CandleFileWriter.open(temporary, layout.options());
        writer = opened;
        return opened;
    }

    private void closePart() throws IOException {
        CandleFileWriter open = writer;
        if (open == null) {
            return;
        }
        CandleSummary summary = open.finish();
        writer = null;
        Path target = folder.resolve(name(number));
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        parts.add(new CandlePart(
                root.relativize(target).toString().replace('\\', '/'),
                bucket,
                summary.sha256(),
                summary.bytes(),
                summary.rows(),
                summary.rowHash(),
                summary.minTs(),
                summary.maxTs()));
        number++;
    }

    /** Closes the last part and makes all names durable. */
    public List<CandlePart> finish() throws IOException {
        closePart();
        if (!parts.isEmpty()) {
            Folders.sync(folder);
        }
        return List.copyOf(parts);
    }

    @Override
    public void close() throws IOException {
        CandleFileWriter open = writer;
        writer = null;
        if (open != null) {
            open.close();
        }
    }
}
