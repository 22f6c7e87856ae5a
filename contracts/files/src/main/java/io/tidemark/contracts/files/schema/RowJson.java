package io.tidemark.contracts.files.schema;

import io.tidemark.contracts.decimal.Decimal38;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A row as one line of JSON, and back, without loss.
 *
 * <p>An absent column has no key. Decimals are texts, since most readers of JSON make a double of a number; numbers
 * and times (nanoseconds) are whole numbers of up to 64 bits, dates {@code "2024-01-31"}, bytes Base64, lists arrays.
 * The keys stand in the schema's order and nothing is optional, so equal rows are equal lines. Reads only what it
 * writes: anything else is refused with the offset in the line.
 *
 * <p>Reused from line to line by one thread.
 */
public final class RowJson {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final List<Column> columns;
    private final List<byte[]> keys = new ArrayList<>();
    private final Map<String, Column> byName = new HashMap<>();
    private final Decimal38 decimal = new Decimal38();
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private byte[] out = new byte[1024];
    private int length;
    private byte[] in = out;
    private int at;
    private int end;

    public RowJson(EventSchema schema) {
        columns = schema.columns();
        for (Column column : columns) {
            keys.add(('"' + column.name() + "\":").getBytes(StandardCharsets.US_ASCII));
            byName.put(column.name(), column);
        }
    }

    /** The line, with its end; {@link #bytes} and {@link #length} hold it until the next call. */
    public void write(Row row) {
        length = 0;
        put('{');
        for (int i = 0; i < columns.size(); i++) {
            if (row.has(columns.get(i))) {
                if (length > 1) {
                    put(',');
                }
                raw(keys.get(i));
                write(row, columns.get(i));
            }
        }
        put('}');
        put('\n');
    }

    public byte[] bytes() {
        return out;
    }

    public int length() {
        return length;
    }

    private void write(Row row, Column column) {
        switch (column.kind()) {
            case INT64, INT32, TIME -> ascii(Long.toString(row.number(column)));
            case FLAG -> ascii(row.number(column) != 0 ? "true" : "false");
            case DATE -> ascii('"' + LocalDate.ofEpochDay(row.number(column)).toString() + '"');
            case TEXT -> text(row.bytes(column));
            case BYTES -> {
                put('"');
                raw(Base64.getEncoder().encode(row.bytes(column)));
                put('"');
            }
            case DECIMAL -> decimal(row.bytes(column), 0);
            case DECIMALS, INT64S, TEXTS -> {
                put('[');
                int count = row.count(column);
                for (int i = 0; i < count; i++) {
                    if (i > 0) {
                        put(',');
                    }
                    switch (column.kind()) {
                        case DECIMALS -> decimal(row.bytes(column), i * Row.DECIMAL_BYTES);
                        case TEXTS -> text(row.texts(column).get(i));
                        default -> ascii(Long.toString(row.listNumber(column, i)));
                    }
                }
                put(']');
            }
        }
    }

    private void decimal(byte[] bytes, int offset) {
        Shortest.read(bytes, offset, decimal);
        put('"');
        ascii(decimal.toString());
        put('"');
    }

    private void text(byte[] value) {
        put('"');
        room(value.length);
        for (byte b : value) {
            if (b == '"' || b == '\\') {
                put('\\');
                put(b);
            } else if (b >= 0 && b < 0x20) {
                ascii("\\u00");
                put(HEX[b >> 4]);
                put(HEX[b & 15]);
            } else {
                put(b);
            }
        }
        put('"');
    }

    private void ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            out[length++] = (byte) text.charAt(i);
        }
    }

    private void raw(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, out, length, bytes.length);
        length += bytes.length;
    }

    private void put(int b) {
        room(1);
        out[length++] = (byte) b;
    }

    private void room(int more) {
        if (out.length - length < more) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, Math.addExact(length, more)));
        }
    }

    /** Fills a row from a line without its end. Throws {@link IllegalArgumentException} naming the offset. */
    public void read(byte[] line, int from, int to, Row row) {
        in = line;
        at = from;
        end = to;
        row.clear();
        expect('{');
        if (!skip('}')) {
            do {
                Column column = byName.get(new String(string(), StandardCharsets.UTF_8));
                if (column == null || row.has(column)) {
                    throw wrong("a column of the schema, each once");
                }
                expect(':');
                read(row, column);
            } while (skip(','));
            expect('}');
        }
        if (at != end) {
            throw wrong("the line's end");
        }
    }

    private void read(Row row, Column column) {
        switch (column.kind()) {
            case INT64, TIME -> row.number(column, number());
            case INT32 -> row.number(column, Math.toIntExact(number()));
            case FLAG -> row.number(column, flag() ? 1 : 0);
            case DATE -> row.number(column, date());
            case TEXT -> row.bytes(column, checkedText());
            case BYTES -> {
                byte[] text = string();
                try {
                    row.bytes(column, Base64.getDecoder().decode(text));
                } catch (IllegalArgumentException e) {
                    throw wrong("Base64 before this place");
                }
            }
            case DECIMAL -> readDecimal(row.decimalSpace(column), 0);
            case DECIMALS, INT64S, TEXTS -> readList(row, column);
        }
    }

    private void readList(Row row, Column column) {
        expect('[');
        if (column.kind() == Column.Kind.TEXTS) {
            row.texts(column, new ArrayList<>());
        } else {
            row.beginList(column);
        }
        if (skip(']')) {
            return;
        }
        do {
            switch (column.kind()) {
                case DECIMALS -> {
                    int offset = row.appendSpace(column, Row.DECIMAL_BYTES);
                    readDecimal(row.bytes(column), offset);
                }
                case TEXTS -> row.texts(column).add(checkedText());
                default -> row.appendNumber(column, number());
            }
        } while (skip(','));
        expect(']');
    }

    private void readDecimal(byte[] target, int offset) {
        String text = new String(string(), StandardCharsets.US_ASCII);
        if (decimal.parse(text) != Decimal38.Outcome.EXACT) {
            throw wrong("a decimal(38,18) before this place");
        }
        decimal.writeFixed16(target, offset);
    }

    private long date() {
        try {
            return LocalDate.parse(new String(string(), StandardCharsets.US_ASCII))
                    .toEpochDay();
        } catch (DateTimeException e) {
            throw wrong("a date before this place");
        }
    }

    private boolean flag() {
        String word = at < end && in[at] == 't' ? "true" : "false";
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i));
        }
        return word.equals("true");
    }

    private long number() {
        int start = at;
        skip('-');
        while (at < end && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
        try {
            return Long.parseLong(new String(in, start, at - start, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw wrong("a whole number of 64 bits before this place");
        }
    }

    private byte[] checkedText() {
        byte[] text = string();
        try {
            utf8.decode(ByteBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw wrong("UTF-8 before this place");
        }
        return text;
    }

    private byte[] string() {
        expect('"');
        int start = at;
        int escapes = 0;
        while (at < end && in[at] != '"') {
            if (in[at] >= 0 && in[at] < 0x20) {
                throw wrong("no control character");
            }
            if (in[at] == '\\') {
                escapes++;
                at++;
            }
            at++;
        }
        if (at >= end) {
            throw wrong("the end of a text");
        }
        byte[] value = escapes == 0 ? Arrays.copyOfRange(in, start, at) : unescaped(start, at);
        at++;
        return value;
    }

    private byte[] unescaped(int from, int to) {
        byte[] value = new byte[to - from];
        int count = 0;
        for (int i = from; i < to; i++) {
            byte b = in[i];
            if (b == '\\') {
                b = in[++i];
                if (b == 'u') {
                    if (i + 4 >= to || in[i + 1] != '0' || in[i + 2] != '0') {
                        throw wrong("only escapes of control characters");
                    }
                    b = (byte) (Character.digit(in[i + 3], 16) << 4 | Character.digit(in[i + 4], 16));
                    if (b < 0) {
                        throw wrong("hex digits before this place");
                    }
                    i += 4;
                } else if (b != '"' && b != '\\') {
                    throw wrong("only escapes of quotes, backslashes and control characters");
                }
            }
            value[count++] = b;
        }
        return Arrays.copyOf(value, count);
    }

    private void expect(char c) {
        if (!skip(c)) {
            throw wrong("'" + c + "'");
        }
    }

    private boolean skip(char c) {
        if (at < end && in[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException("JSON: expected " + expected + " at offset " + at);
    }
}
