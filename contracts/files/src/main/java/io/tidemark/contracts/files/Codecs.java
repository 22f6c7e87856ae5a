package io.tidemark.contracts.files;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Zstd and snappy without Hadoop's codecs; the same pages give the same bytes on every machine, because the
 * libraries' versions are pinned.
 *
 * <p>Holds nothing between calls, so it needs no release and may be shared by threads.
 */
public final class Codecs implements CompressionCodecFactory {
    /** For reading. */
    public static final Codecs READING = new Codecs(Zstd.defaultCompressionLevel());

    private final int zstdLevel;

    /** @param zstdLevel as in the zstd library, 1 to 22 */
    public Codecs(int zstdLevel) {
        this.zstdLevel = zstdLevel;
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        checkKnown(codec);
        return new PageCompressor(codec, zstdLevel);
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        checkKnown(codec);
        return new PageDecompressor(codec);
    }

    @Override
    public void release() {}

    private static void checkKnown(CompressionCodecName codec) {
        switch (codec) {
            case ZSTD, SNAPPY, UNCOMPRESSED -> {}
            default -> throw new IllegalArgumentException("compression " + codec + " is none of zstd and snappy");
        }
    }

    private record PageCompressor(CompressionCodecName codec, int level) implements BytesInputCompressor {
        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            return switch (codec) {
                case ZSTD -> zstd(bytes.toByteArray());
                case SNAPPY -> snappy(bytes.toByteArray());
                default -> bytes;
            };
        }

        /** What is returned is copied by the writer at once, so it may be a part of a larger array. */
        private BytesInput zstd(byte[] page) {
            byte[] out = new byte[Math.toIntExact(Zstd.compressBound(page.length))];
            long length = Zstd.compressByteArray(out, 0, out.length, page, 0, page.length, level);
            if (Zstd.isError(length)) {
                throw new IllegalStateException("zstd: " + Zstd.getErrorName(length));
            }
            return BytesInput.from(out, 0, (int) length);
        }

        private static BytesInput snappy(byte[] page) throws IOException {
            byte[] out = new byte[Snappy.maxCompressedLength(page.length)];
            return BytesInput.from(out, 0, Snappy.compress(page, 0, page.length, out, 0));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return codec;
        }

        @Override
        public void release() {}
    }

    private record PageDecompressor(CompressionCodecName codec) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int decompressedSize) throws IOException {
            if (codec == CompressionCodecName.UNCOMPRESSED) {
                return bytes;
            }
            return BytesInput.from(decompress(bytes.toByteArray(), decompressedSize));
        }

        private byte[] decompress(byte[] compressed, int size) throws IOException {
            byte[] out = new byte[size];
            long length;
            try {
                length = codec == CompressionCodecName.ZSTD
                        ? Zstd.decompress(out, compressed)
                        : Snappy.uncompress(compressed, 0, compressed.length, out, 0);
            } catch (ZstdException e) {
                throw new IOException("a page does not decompress", e);
            }
            if (Zstd.isError(length) || length != size) {
                throw new IOException("a page of " + size + " bytes decompresses to " + length);
            }
            return out;
        }

        @Override
        public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int decompressedSize)
                throws IOException {
            byte[] compressed = new byte[compressedSize];
            input.get(compressed);
            output.put(
                    codec == CompressionCodecName.UNCOMPRESSED ? compressed : decompress(compressed, decompressedSize));
        }

        @Override
        public void release() {}
    }
}
