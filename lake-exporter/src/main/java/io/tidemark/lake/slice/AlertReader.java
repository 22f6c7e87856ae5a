package io.tidemark.lake.slice;

import io.tidemark.contracts.files.read.TableReader;
import io.tidemark.lake.slice.AlertList.Rejected;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads alerts from CSV with a header, or from Parquet: columns {@code alert_id, source, symbol, ts_ms}, and more.
 *
 * <p>A row that cannot be used is listed with its line and reason, and the others go on. A file that cannot be used
 * at all (no alerts, a missing or doubled column, not readable) is refused by name.
 */
public final class AlertReader {
    private static final List<String> NEEDED = List.of("alert_id", "source", "symbol", "ts_ms");
    /** The year 9999; what is beyond was meant in other units. */
    private static final long LATEST_MS = 253_402_300_799_999L;

    private final Path file;
    private final int most;
    private final List<Alert> accepted = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private final Map<String, Long> seen = new HashMap<>();
    private int[] places = new int[0];
    private int[] more = new int[0];
    private int width;

    private AlertReader(Path file, int most) {
        this.file = file;
        this.most = most;
    }

    /**
     * By the file's ending: {@code .parquet}, or CSV for any other.
     *
     * @param most alerts that a file may have; they are held in memory
     */
    public static AlertList read(Path file, int most) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file + ": there is no such file of alerts");
        }
        return new AlertReader(file, most).read();
    }

    private AlertList read() throws IOException {
        String sha256 = sha256();
        List<String> columns = file.getFileName().toString().endsWith(".parquet") ? readParquet() : readCsv();
        if (accepted.isEmpty() && rejected.isEmpty()) {
            throw bad("it holds no alerts");
        }
        return new AlertList(List.copyOf(accepted), List.copyOf(rejected), columns, sha256);
    }

    private List<String> readCsv() throws IOException {
        try (CsvRows rows = new CsvRows(file)) {
            List<String> header = rows.next();
            if (header == null) {
                throw bad("the file is empty");
            }
            List<String> columns = header(header);
            for (List<String> row = rows.next(); row != null; row = rows.next()) {
                List<@Nullable String> values = new ArrayList<>();
                row.forEach(value -> values.add(value.isEmpty() ? null : value));
                take(rows.line(), values);
            }
            return columns;
        }
    }

    private List<String> readParquet() throws IOException {
        try (TableReader rows = TableReader.open(file)) {
            List<String> columns = header(rows.names());
            long line = 0;
            for (List<@Nullable String> row = rows.next(); row != null; row = rows.next()) {
                take(++line, row);
            }
            return columns;
        }
    }

    private List<String> header(List<String> names) throws BadAlertsException {
        List<String> header = names.stream().map(String::strip).toList();
        Set<String> unique = new HashSet<>();
        for (String name : header) {
            if (name.isEmpty() || !unique.add(name)) {
                throw bad(name.isEmpty() ? "a column has no name" : "it has two columns " + name);
            }
        }
        List<String> missing =
                NEEDED.stream().filter(name -> !unique.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw bad("it has no column " + String.join(", ", missing) + " (it has " + String.join(", ", header) + ")");
        }
        width = header.size();
        places = NEEDED.stream().mapToInt(header::indexOf).toArray();
        List<String> own =
                header.stream().filter(name -> !NEEDED.contains(name)).toList();
        more = own.stream().mapToInt(header::indexOf).toArray();
        return own;
    }

    private void take(long line, List<@Nullable String> row) throws BadAlertsException {
        if (accepted.size() + rejected.size() >= most) {
            throw bad("it has more than " + most + " alerts (lake.candles.max-alerts)");
        }
        try {
            accepted.add(alert(line, row));
        } catch (IllegalArgumentException e) {
            rejected.add(new Rejected(line, String.valueOf(e.getMessage())));
        }
    }

    private Alert alert(long line, List<@Nullable String> row) {
        if (row.size() != width) {
            throw new IllegalArgumentException("it has " + row.size() + " fields, the header has " + width);
        }
        String id = needed(row, 0);
        String source = needed(row, 1);
        String symbol = needed(row, 2);
        long tsMs = time(needed(row, 3));
        Long before = seen.putIfAbsent(id, line);
        if (before != null) {
            throw new IllegalArgumentException("alert_id \"" + id + "\" is on line " + before + " already");
        }
        List<@Nullable String> own = new ArrayList<>(more.length);
        for (int place : more) {
            own.add(row.get(place));
        }
        return new Alert(line, id, source, symbol, tsMs, own);
    }

    private String needed(List<@Nullable String> row, int column) {
        String value = row.get(places[column]);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(NEEDED.get(column) + " is empty");
        }
        return value.strip();
    }

    private static long time(String text) {
        long tsMs;
        try {
            tsMs = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "ts_ms \"" + text + "\" is no whole number of milliseconds since 1970", e);
        }
        if (tsMs < 0 || tsMs > LATEST_MS) {
            throw new IllegalArgumentException("ts_ms " + tsMs + " is outside the years 1970 to 9999"
                    + (tsMs > LATEST_MS ? "; is it in microseconds or nanoseconds?" : ""));
        }
        return tsMs;
    }

    private BadAlertsException bad(String reason) {
        return new BadAlertsException(file + ": " + reason, null);
    }

    private String sha256() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[64 << 10];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
