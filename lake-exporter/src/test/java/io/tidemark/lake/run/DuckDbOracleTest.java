package io.tidemark.lake.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.segment.SegmentPath;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DuckDB, which shares no code with the writer, counts and sums the sealed files per hour. */
class DuckDbOracleTest {
    @TempDir
    Path root;

    @Test
    void countsAndSumsPerHourAreThoseOfTheEvents() throws IOException, SQLException {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(1_000);
        Lakes.export(root, "pi-1");
        Map<String, String> expected = new TreeMap<>();
        Map<String, Long> counts = new TreeMap<>();
        Map<String, BigDecimal> sums = new TreeMap<>();
        for (Envelope event : raw.sealable()) {
            String key = event.getChannel() + " " + event.getSymbol() + " "
                    + SegmentPath.hourOf(Events.eventTime(event)).getEpochSecond();
            counts.merge(key, 1L, Long::sum);
            if (event.hasTrade()) {
                sums.merge(key, Events.decimal(event.getTrade().getPrice()).toBigDecimal(), BigDecimal::add);
            }
        }
        counts.forEach((key, count) -> expected.put(
                key,
                count + " "
                        + sums.getOrDefault(key, BigDecimal.ZERO)
                                .stripTrailingZeros()
                                .toPlainString()));
        String files = Lakes.state(root).files().stream()
                .map(file -> "'" + Lakes.tenant(root).resolve(file.path()) + "'")
                .collect(Collectors.joining(","));
        Map<String, String> found = new TreeMap<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT channel, symbol, epoch_ns(event_time) // 3600000000000 * 3600, count(*),"
                                + " coalesce(sum(price), 0)::VARCHAR FROM read_parquet([" + files
                                + "]) GROUP BY ALL")) {
            while (rows.next()) {
                found.put(
                        rows.getString(1) + " " + rows.getString(2) + " " + rows.getLong(3),
                        rows.getLong(4) + " "
                                + new BigDecimal(rows.getString(5))
                                        .stripTrailingZeros()
                                        .toPlainString());
            }
        }
        assertEquals(expected, found);
        assertTrue(found.size() >= 10);
    }
}
