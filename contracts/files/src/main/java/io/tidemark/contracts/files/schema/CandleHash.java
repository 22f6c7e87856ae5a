package io.tidemark.contracts.files.schema;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The hash of candles in their order, whatever file or row group they stand in.
 *
 * <p>SHA-256 of: for each stretch of rows of one series a byte 1 and the texts tenant, source, symbol, timeframe,
 * each with its length in four bytes in front; for each row a byte 2, its time in microseconds in eight bytes, and
 * for each of the five numbers a byte 0 where it is absent, or a byte 1 and its sixteen bytes at scale 18. All
 * big-endian. Not thread-safe.
 */
public final class CandleHash {
    private static final int ROW = 1 + Long.BYTES + CandleSchema.NUMBERS * (1 + CandleSchema.NUMBER_BYTES);

    private final MessageDigest sha256;
    private final byte[] buffer = new byte[ROW * 256];
    private int length;
    private @Nullable Series series;

    public CandleHash() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public void add(Series of, CandleColumns candles, int from, int to) {
        if (!of.equals(series)) {
            series = of;
            flush();
            sha256.update((byte) 1);
            text(of.tenant());
            text(of.source());
            text(of.symbol());
            text(of.timeframe());
        }
        for (int row = from; row < to; row++) {
            if (length + ROW > buffer.length) {
                flush();
            }
            int at = length;
            buffer[at++] = 2;
            long time = candles.time(row);
            for (int shift = 56; shift >= 0; shift -= 8) {
                buffer[at++] = (byte) (time >> shift);
            }
            for (int number = 0; number < CandleSchema.NUMBERS; number++) {
                if (candles.isNull(number, row)) {
                    buffer[at++] = 0;
                } else {
                    buffer[at++] = 1;
                    System.arraycopy(
                            candles.bytes(number), candles.at(number, row), buffer, at, CandleSchema.NUMBER_BYTES);
                    at += CandleSchema.NUMBER_BYTES;
                }
            }
            length = at;
        }
    }

    private void flush() {
        sha256.update(buffer, 0, length);
        length = 0;
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        sha256.update(new byte[] {
            (byte) (utf8.length >> 24), (byte) (utf8.length >> 16), (byte) (utf8.length >> 8), (byte) utf8.length
        });
        sha256.update(utf8);
    }

    /** Of all rows; ends the use of this. */
    public String hex() {
        flush();
        return HexFormat.of().formatHex(sha256.digest());
    }
}
