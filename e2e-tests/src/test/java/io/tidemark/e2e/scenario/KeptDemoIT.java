package io.tidemark.e2e.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.e2e.stack.DemoRun;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --keep}: what it prints is enough to read the results with other people's programs. */
class KeptDemoIT {
    private static final Pattern PSQL = Pattern.compile("PGPASSWORD=(\\S+) psql -h (\\S+) -p (\\d+) -U (\\S+) (\\S+)");
    private static final Pattern FLIGHT = Pattern.compile("jdbc:arrow-flight-sql://\\S+");

    @Test
    void databaseAndLakeAnswerFromOutsideUntilCtrlC(@TempDir Path folder) throws SQLException {
        try (DemoRun demo = DemoRun.start(folder, "--keep", "--seconds", "4", "--seed", "11")) {
            demo.await("the table", () -> FLIGHT.matcher(demo.out()).find());
            Matcher psql = PSQL.matcher(demo.out());
            assertTrue(psql.find(), demo::said);
            Matcher flight = FLIGHT.matcher(demo.out());
            assertTrue(flight.find(), demo::said);
            Properties login = new Properties();
            login.setProperty("user", psql.group(4));
            login.setProperty("password", psql.group(1));
            String url = "jdbc:postgresql://" + psql.group(2) + ":" + psql.group(3) + "/" + psql.group(5);
            String volume;
            try (Connection database = DriverManager.getConnection(url, login);
                    Statement sql = database.createStatement()) {
                assertEquals(one(sql, "select count(*) from bars"), one(sql, "select count(*) from bars_ohlcv"));
                volume = one(sql, "select sum(volume) from bars_ohlcv where timeframe = '1s'");
            }
            try (Connection lake = DriverManager.getConnection(flight.group());
                    Statement sql = lake.createStatement()) {
                assertEquals(volume, one(sql, "select sum(size) from trades"), "the bars hold every trade");
                assertEquals(volume, one(sql, "select sum(volume) from bars where timeframe = '1s'"));
            }
            demo.interrupt();
            demo.exitCode();
            assertEquals(List.of(), demo.stillRunning());
        }
    }

    private static String one(Statement sql, String query) throws SQLException {
        try (ResultSet answer = sql.executeQuery(query)) {
            assertTrue(answer.next());
            return answer.getBigDecimal(1).stripTrailingZeros().toPlainString();
        }
    }
}
