package io.tidemark.local.count;

import io.tidemark.contracts.event.Channel;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares the bars of the raw lake with the two tables, row for row and value for value.
 *
 * <p>The raw lake holds every revision of a bar; of each key one counts: the complete one, then the one with
 * more trades, then the higher revision, then the smaller edge name.
 */
public final class BarCount {
    private static final String WINNERS = """
            SELECT vendor, symbol, timeframe, CAST(epoch_us(CAST(open_time AS TIMESTAMPTZ)) AS VARCHAR),
                   CAST(open AS VARCHAR), CAST(high AS VARCHAR), CAST(low AS VARCHAR), CAST(close AS VARCHAR),
                   CAST(volume AS VARCHAR)
            FROM %s
            QUALIFY row_number() OVER (
                PARTITION BY tenant, vendor, symbol, timeframe, open_time
                ORDER BY complete DESC, trade_count DESC, revision DESC, edge) = 1
            """;
    private static final String LEGACY =
            "SELECT vendor, symbol, timeframe, ts, open_price, high_price, low_price, close_price, volume FROM bars";
    private static final String PROVIDER =
            "SELECT vendor, symbol, timeframe, ts, open, high, low, close, volume FROM bars_ohlcv";

    private final long keys;
    private final long bars;
    private final long barsOhlcv;
    private final long differing;

    private BarCount(long keys, long bars, long barsOhlcv, long differing) {
        this.keys = keys;
        this.bars = bars;
        this.barsOhlcv = barsOhlcv;
        this.differing = differing;
    }

    /** Compares; the connection has to see all tenants' rows. */
    public static BarCount compare(SegmentCount raw, Connection database) throws SQLException {
        Map<String, String> expected = new HashMap<>();
        List<Path> files = Stream.of(Channel.BARS, Channel.BARS_NATIVE)
                .flatMap(kind -> raw.filesOf(kind).stream())
                .toList();
        if (!files.isEmpty()) {
            try (Duck duck = new Duck()) {
                for (List<String> row : duck.texts(WINNERS.formatted(Duck.files(files)))) {
                    expected.put(
                            String.join("|", row.subList(0, 4)),
                            row.subList(4, 9).stream().map(BarCount::plain).collect(Collectors.joining("|")));
                }
            }
        }
        Map<String, String> legacy = read(database, LEGACY);
        Map<String, String> provider = read(database, PROVIDER);
        return new BarCount(
                expected.size(),
                legacy.size(),
                provider.size(),
                differing(expected, legacy) + differing(expected, provider));
    }

    public long keys() {
        return keys;
    }

    public long bars() {
        return bars;
    }

    public long barsOhlcv() {
        return barsOhlcv;
    }

    public long differing() {
        return differing;
    }

    private static Map<String, String> read(Connection database, String sql) throws SQLException {
        Map<String, String> rows = new HashMap<>();
        try (Statement statement = database.createStatement()) {
            statement.setFetchSize(5000);
            try (ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    OffsetDateTime at = row.getObject(4, OffsetDateTime.class);
                    long micros = at.toEpochSecond() * 1_000_000 + at.getNano() / 1000;
                    StringBuilder values = new StringBuilder();
                    for (int i = 5; i <= 9; i++) {
                        values.append(i == 5 ? "" : "|").append(plain(String.valueOf(row.getString(i))));
                    }
                    rows.put(
                            row.getString(1) + "|" + row.getString(2) + "|" + row.getString(3) + "|" + micros,
                            values.toString());
                }
            }
        }
        return rows;
    }

    private static long differing(Map<String, String> expected, Map<String, String> table) {
        return table.entrySet().stream()
                .filter(row -> !row.getValue().equals(expected.get(row.getKey())))
                .count();
    }

    /** Decimals are compared by value, however many zeros each side prints. */
    private static String plain(String number) {
        return number.equals("null")
                ? number
                : new BigDecimal(number).stripTrailingZeros().toPlainString();
    }
}
