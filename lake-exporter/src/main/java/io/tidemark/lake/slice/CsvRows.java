package io.tidemark.lake.slice;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads comma-separated rows as RFC 4180 says: fields may be quoted, and then hold commas, line ends and doubled
 * quotes. A byte order mark is passed over, empty lines too. Anything but UTF-8 is refused.
 */
final class CsvRows implements AutoCloseable {
    private static final int MAX_FIELD = 1 << 20;

    private final Path file;
    private final BufferedReader in;
    private long nextLine = 1;
    private long line;
    private int pushed = -2;

    CsvRows(Path file) throws IOException {
        this.file = file;
        this.in = new BufferedReader(
                new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8.newDecoder()));
        int first = read();
        if (first != '\uFEFF') {
            pushed = first;
        }
    }

    /** The line on which the last row began. */
    long line() {
        return line;
    }

    private int read() throws IOException {
        if (pushed != -2) {
            int c = pushed;
            pushed = -2;
            return c;
        }
        try {
            return in.read();
        } catch (CharacterCodingException e) {
            throw new BadAlertsException(file + ", line " + nextLine + " or soon after: not UTF-8", e);
        }
    }

    /** Null at the end of the file. */
    @Nullable
    List<String> next() throws IOException {
        while (true) {
            List<String> fields = row();
            if (fields == null || fields.size() > 1 || !fields.get(0).isEmpty()) {
                return fields;
            }
        }
    }

    private @Nullable List<String> row() throws IOException {
        line = nextLine;
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        int c = read();
        if (c < 0) {
            return null;
        }
        while (true) {
            if (c == '"' && field.isEmpty()) {
                c = quoted(field);
            }
            if (c < 0 || c == '\n' || c == ',') {
                fields.add(field.toString());
                field.setLength(0);
                if (c != ',') {
                    nextLine++;
                    return fields;
                }
            } else if (c == '\r') {
                int after = read();
                if (after != '\n') {
                    pushed = after;
                }
                c = '\n';
                continue;
            } else {
                grow(field, c);
            }
            c = read();
        }
    }

    private void grow(StringBuilder field, int c) throws BadAlertsException {
        if (field.length() >= MAX_FIELD) {
            throw new BadAlertsException(file + ", line " + line + ": a field is longer than a megabyte", null);
        }
        field.append((char) c);
    }

    /** Returns what follows the closing quote. */
    private int quoted(StringBuilder field) throws IOException {
        while (true) {
            int c = read();
            if (c < 0) {
                throw new BadAlertsException(file + ", line " + line + ": a quote is not closed", null);
            }
            if (c == '"') {
                int after = read();
                if (after != '"') {
                    return after;
                }
            } else if (c == '\n') {
                nextLine++;
            }
            grow(field, c);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
