package io.tidemark.contracts.files.read;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/**
 * Checks every page of a file against its checksum, and that the pages lie one after the other without a hole.
 *
 * <p>Done before the first row is handed out, so that a damaged file is refused as a whole. Needs a small
 * buffer only, and does not decompress.
 */
final class PageCheck {
    private static final int MAGIC_BYTES = 4;

    private PageCheck() {}

    /** Throws {@link IOException} saying what is wrong where. */
    static void check(Path file, List<BlockMetaData> rowGroups) throws IOException {
        List<ColumnChunkMetaData> chunks = new ArrayList<>();
        rowGroups.forEach(group -> chunks.addAll(group.getColumns()));
        chunks.sort(Comparator.comparingLong(ColumnChunkMetaData::getStartingPos));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                CountedInput in =
                        new CountedInput(new BufferedInputStream(Channels.newInputStream(channel), 64 << 10))) {
            in.skipNBytes(MAGIC_BYTES);
            for (ColumnChunkMetaData chunk : chunks) {
                if (chunk.getStartingPos() != in.position) {
                    throw new IOException("column " + chunk.getPath().toDotString() + " should begin at byte "
                            + in.position + ", the footer says " + chunk.getStartingPos());
                }
                check(chunk, in);
            }
        }
    }

    private static void check(ColumnChunkMetaData chunk, CountedInput in) throws IOException {
        long end = chunk.getStartingPos() + chunk.getTotalSize();
        long values = 0;
        while (in.position < end) {
            long start = in.position;
            PageHeader header = Util.readPageHeader(in);
            if (header.getCompressed_page_size() < 0 || in.position + header.getCompressed_page_size() > end) {
                throw new IOException("the page at byte " + start + " reaches out of its column");
            }
            CRC32 crc = new CRC32();
            in.read(header.getCompressed_page_size(), crc);
            if (!header.isSetCrc() || (int) crc.getValue() != header.getCrc()) {
                throw new IOException("the page at byte " + start + " of column "
                        + chunk.getPath().toDotString() + " does not match its checksum");
            }
            if (header.isSetData_page_header()) {
                values += header.getData_page_header().getNum_values();
            }
        }
        if (in.position != end || values != chunk.getValueCount()) {
            throw new IOException("column " + chunk.getPath().toDotString() + " has " + values
                    + " values, the footer says " + chunk.getValueCount());
        }
    }

    private static final class CountedInput extends InputStream {
        private final InputStream in;
        private final byte[] block = new byte[16 << 10];
        private long position;

        CountedInput(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            if (b >= 0) {
                position++;
            }
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            position += Math.max(0, count);
            return count;
        }

        void read(int length, CRC32 crc) throws IOException {
            int rest = length;
            while (rest > 0) {
                int count = read(block, 0, Math.min(rest, block.length));
                if (count < 0) {
                    throw new EOFException("the file ends inside a page");
                }
                crc.update(block, 0, count);
                rest -= count;
            }
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
