package io.tidemark.store.verify;

import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.mode.BarTable;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Reads a table back, by another client than the one that wrote it, and compares it with what was sent. */
public final class SampleCheck {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final int FETCH = 5_000;

    private final JdbcAccess access;

    public SampleCheck(JdbcAccess access) {
        this.access = access;
    }

    /**
     * @param rows found of the sample's symbols
     * @param wrong rows that are not what was sent, missing ones too
     * @param first the first of them in words; null without
     */
    public record Found(long rows, long wrong, @Nullable String first) {}

    public Found compare(BarTable table, SampleBars bars, int symbols, int barsEach) throws SQLException {
        long rows = 0;
        long wrong = 0;
        String first = null;
        String sql = "SELECT ts, " + String.join(", ", table.prices()) + ", trade_count FROM " + table.table()
                + " WHERE symbol = ? ORDER BY ts";
        try (Connection connection = access.open(LIMIT)) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCAL tidemark.tenant = 'default'");
            }
            for (int symbol = 0; symbol < symbols; symbol++) {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setFetchSize(FETCH);
                    statement.setString(1, bars.symbol(symbol));
                    long number = 0;
                    try (ResultSet row = statement.executeQuery()) {
                        while (row.next()) {
                            rows++;
                            SampleBars.Sample sample = bars.sample(symbol, number++);
                            if (!same(sample, row)) {
                                wrong++;
                                first = first == null ? table.table() + " has another row than " + sample : first;
                            }
                        }
                    }
                    if (number != barsEach) {
                        wrong += Math.abs(barsEach - number);
                        first = first == null
                                ? table.table() + " has " + number + " rows of " + bars.symbol(symbol) + ", not "
                                        + barsEach
                                : first;
                    }
                }
            }
        }
        return new Found(rows, wrong, first);
    }

    private static boolean same(SampleBars.Sample sample, ResultSet row) throws SQLException {
        long seconds = row.getObject(1, OffsetDateTime.class).toEpochSecond();
        return seconds == sample.openTime() / 1_000_000_000L
                && same(sample.openAbsent() ? null : sample.open(), row.getBigDecimal(2))
                && same(sample.high(), row.getBigDecimal(3))
                && same(sample.low(), row.getBigDecimal(4))
                && same(sample.close(), row.getBigDecimal(5))
                && same(sample.volume(), row.getBigDecimal(6))
                && sample.trades() == row.getLong(7);
    }

    private static boolean same(@Nullable BigDecimal sent, @Nullable BigDecimal found) {
        return sent == null || found == null ? sent == found : sent.compareTo(found) == 0;
    }
}
