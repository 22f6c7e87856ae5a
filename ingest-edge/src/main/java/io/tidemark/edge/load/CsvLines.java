package io.tidemark.edge.load;

import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of a CSV as RFC 4180 has them, in UTF-8: quotes may hold delimiters, line ends and doubled quotes. */
final class CsvLines implements AutoCloseable {
    private static final int LONGEST_LINE = 1 << 20;
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private final BufferedReader in;
    private final char delimiter;
    private long line = 1;
    private long begin;

    CsvLines(InputStream text, char delimiter) {
        this.in = new BufferedReader(new InputStreamReader(
                text,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
        this.delimiter = delimiter;
    }

    /** Where the fields that were read last begin, counted from 1. */
    long line() {
        return begin;
    }

    /** The next line's fields; lines without any character are passed over; null at the end. */
    @Nullable
    List<String> next() throws IOException, BadFrameException {
        try {
            while (true) {
                begin = line;
                List<String> fields = fields();
                if (fields == null) {
                    return null;
                }
                if (fields.size() > 1 || !fields.get(0).isEmpty()) {
                    return fields;
                }
            }
        } catch (CharacterCodingException e) {
            throw new BadFrameException(Reason.MALFORMED, "line " + line + ": it is not UTF-8");
        }
    }

    private @Nullable List<String> fields() throws IOException, BadFrameException {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        int length = 0;
        for (int c = in.read(); ; c = in.read()) {
            if (++length > LONGEST_LINE) {
                throw new BadFrameException(
                        Reason.MALFORMED, "line " + begin + " has more than " + LONGEST_LINE + " characters");
            }
            if (c < 0 && quoted) {
                throw new BadFrameException(Reason.MALFORMED, "line " + begin + ": a quote is not closed");
            }
            if (c < 0 && !any) {
                return null;
            }
            if (quoted) {
                if (c == '"') {
                    in.mark(1);
                    if (in.read() == '"') {
                        field.append('"');
                    } else {
                        in.reset();
                        quoted = false;
                    }
                } else {
                    line += c == '\n' ? 1 : 0;
                    field.append((char) c);
                }
            } else if (c < 0 || c == '\n') {
                line += c == '\n' ? 1 : 0;
                fields.add(ended(field));
                return fields;
            } else if (c == delimiter) {
                fields.add(ended(field));
            } else if (c == '"' && field.isEmpty()) {
                quoted = true;
            } else if (c != BYTE_ORDER_MARK || any) {
                field.append((char) c);
            }
            any = true;
        }
    }

    private static String ended(StringBuilder field) {
        int length = field.length();
        if (length > 0 && field.charAt(length - 1) == '\r') {
            field.setLength(length - 1);
        }
        String text = field.toString();
        field.setLength(0);
        return text;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
