package io.tidemark.e2e.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.e2e.stack.DemoRun;
import io.tidemark.e2e.stack.RecordingCount;
import io.tidemark.e2e.stack.Repository;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both Binance spot recordings, across UTC midnight, as fast as the edge reads. */
class RecordedDemoIT {
    @Test
    void everyEventOfTheRecordingsArrivesOnceAndTheBarsAreExact(@TempDir Path folder) throws SQLException {
        List<Path> recordings = Repository.binanceSpot();
        List<String> arguments = new ArrayList<>();
        for (Path recording : recordings) {
            arguments.add("--capture");
            arguments.add(recording.toString());
        }
        try (DemoRun demo = DemoRun.start(folder, arguments)) {
            JsonNode result = demo.result();
            assertEquals(0, demo.exitCode(), demo::said);
            assertTrue(result.path("agree").asBoolean(), demo::said);
            RecordingCount counted = RecordingCount.of(recordings);
            assertEquals(99_573, counted.frames());
            assertEquals(counted.frames(), result.path("frames").asLong());
            assertEquals(counted.trades(), result.path("trades").asLong());
            assertEquals(counted.quotes(), result.path("quotes").asLong());
            assertEquals(counted.depth(), result.path("depth").asLong());
            assertEquals(result.path("lake_rows").asLong(), result.path("sql").asLong());
            assertEquals(List.of(), demo.stillRunning());
            assertBarsAre(recordings, demo.folder());
        }
    }

    /**
     * DuckDB makes the bars again from the text of the recordings, without any of Tidemark's decoding, and
     * compares them with the bars of the sealed lake (latest revision per key), row for row.
     */
    private static void assertBarsAre(List<Path> recordings, Path run) throws SQLException {
        StringBuilder files = new StringBuilder();
        recordings.forEach(
                file -> files.append(files.isEmpty() ? "'" : ", '").append(file).append('\''));
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement()) {
            sql.execute("create table lines as select column0 as line, row_number() over () as place from read_csv(["
                    + files + "], columns = {'column0': 'VARCHAR'}, header = false, delim = '\\x01', quote = '',"
                    + " escape = '', max_line_size = 4000000, auto_detect = false)");
            sql.execute("""
                    create table spoken as select place,
                      cast(json_extract_string(frame, '$.data.T') as bigint) * 1000000 as traded,
                      cast(json_extract_string(frame, '$.data.p') as decimal(38,18)) as price,
                      cast(json_extract_string(frame, '$.data.q') as decimal(38,18)) as size
                    from (select place, substr(line, strpos(line, ' ') + 1) as frame from lines
                          where line like '%"e":"trade"%')""");
            sql.execute("""
                    create table expected as
                    select timeframe, traded - traded % length as open_time, arg_min(price, place) as open, max(price) as high,
                      min(price) as low, arg_max(price, place) as close, sum(size) as volume, count(*) as trade_count
                    from spoken, (values ('1s', 1000000000), ('1m', 60000000000)) as interval(timeframe, length)
                    group by all""");
            sql.execute("create view bars as select * from read_parquet('" + run
                    + "/lake/default/events/**/*.parquet') where channel like 'bars-%'"
                    + " qualify row_number() over (partition by timeframe, open_time order by revision desc) = 1");
            String actual = "select timeframe, epoch_ns(open_time) as open_time, open, high, low, close, volume,"
                    + " cast(trade_count as bigint) as trade_count from bars";
            assertEquals(657, count(sql, "select count(*) from expected"));
            assertEquals(657, count(sql, "select count(*) from (" + actual + ")"));
            assertEquals(0, count(sql, "select count(*) from (from expected except " + actual + ")"));
            assertEquals(0, count(sql, "select count(*) from (" + actual + " except from expected)"));
        }
    }

    private static long count(Statement sql, String query) throws SQLException {
        try (ResultSet answer = sql.executeQuery(query)) {
            answer.next();
            return answer.getLong(1);
        }
    }
}
