package io.tidemark.exchange.recording;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one decompressed file, counted, with a bound on their length.
 *
 * <p>Text that is not UTF-8 and compressed data that end too early are reported at the line where
 * they show, so that a torn file is never taken for a short one.
 */
final class Lines implements Closeable {
    /** Far above the largest frame known (5 MB), far below what would hurt. */
    static final int MAX_LINE = 64 << 20;

    private final Path file;
    private final InputStream in;
    private final byte[] chunk = new byte[1 << 16];
    private final ByteArrayOutputStream carry = new ByteArrayOutputStream();
    private int from;
    private int to;
    private long number;

    Lines(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /** Number of the line returned last, from 1. */
    long number() {
        return number;
    }

    @Nullable
    String next() throws IOException {
        carry.reset();
        while (true) {
            int end = from;
            while (end < to && chunk[end] != '\n') {
                end++;
            }
            if (end < to) {
                String line = text(chunk, from, end - from);
                from = end + 1;
                return line;
            }
            carry.write(chunk, from, to - from);
            if (carry.size() > MAX_LINE) {
                throw new BrokenLineException(file, number + 1, "the line is longer than " + (MAX_LINE >> 20) + " MiB");
            }
            from = 0;
            to = fill();
            if (to < 0) {
                to = 0;
                return carry.size() == 0 ? null : text(new byte[0], 0, 0);
            }
        }
    }

    private int fill() throws IOException {
        try {
            return in.read(chunk);
        } catch (IOException e) {
            throw new BrokenLineException(
                    file, number + 1, "the file is cut off or damaged here (" + e.getMessage() + ")");
        }
    }

    private String text(byte[] bytes, int offset, int length) throws BrokenLineException {
        number++;
        byte[] whole = bytes;
        int start = offset;
        int size = length;
        if (carry.size() > 0) {
            carry.write(bytes, offset, length);
            whole = carry.toByteArray();
            start = 0;
            size = whole.length;
        }
        String text = new String(whole, start, size, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            refuseReplaced(whole, start, size);
        }
        return text;
    }

    /** Tells a replacement character that was recorded from one that decoding put in. */
    private void refuseReplaced(byte[] bytes, int offset, int length) throws BrokenLineException {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, offset, length));
        } catch (CharacterCodingException e) {
            throw new BrokenLineException(file, number, "the line is not UTF-8 text");
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
