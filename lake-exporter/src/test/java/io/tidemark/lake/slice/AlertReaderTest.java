package io.tidemark.lake.slice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.lake.slice.AlertList.Rejected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertReaderTest {
    @TempDir
    Path folder;

    private AlertList csv(String text) throws IOException {
        return AlertReader.read(Files.writeString(folder.resolve("alerts.csv"), text), 100);
    }

    private Path parquet(String select) throws Exception {
        Path file = folder.resolve("alerts.parquet");
        Files.deleteIfExists(file);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("copy (" + select + ") to '" + file + "' (format parquet)");
        }
        return file;
    }

    @Test
    void quotesLineEndsAndTheOrderOfColumnsAreTheWritersChoice() throws IOException {
        AlertList alerts = csv("\uFEFFts_ms,note,symbol,\"source\",alert_id\r\n"
                + "5,\"a, \"\"b\"\"\nc\",BTC-USD,coinbase,one\r\n\r\n6,,BTC-USD,coinbase,two");
        assertEquals(List.of("note"), alerts.columns());
        assertEquals(
                List.of(
                        new Alert(2, "one", "coinbase", "BTC-USD", 5, List.of("a, \"b\"\nc")),
                        new Alert(5, "two", "coinbase", "BTC-USD", 6, Arrays.asList((String) null))),
                alerts.accepted());
    }

    @Test
    void parquetOfAnotherWriterHoldsTheSameAlerts() throws Exception {
        Path file = parquet("select 'id-' || i as alert_id, 'okx' as source, 'BTC-USDT' as symbol,"
                + " (1700000000000 + i)::bigint as ts_ms, (i / 4)::decimal(9,2) as score, i = 2 as flag,"
                + " case when i = 1 then null else 'text' end as note from range(3) t(i)");
        AlertList alerts = AlertReader.read(file, 100);
        assertEquals(List.of("score", "flag", "note"), alerts.columns());
        assertEquals(3, alerts.accepted().size());
        assertEquals(
                new Alert(2, "id-1", "okx", "BTC-USDT", 1_700_000_000_001L, Arrays.asList("0.25", "false", null)),
                alerts.accepted().get(1));
    }

    @Test
    void timestampsOfParquetAreTakenWhereTheyAreWholeMilliseconds() throws Exception {
        Path file = parquet("select 'a' as alert_id, 's' as source, 'X-Y' as symbol,"
                + " make_timestamp(1700000000000000 + m) as ts_ms from (values (2000), (1)) t(m)");
        AlertList alerts = AlertReader.read(file, 100);
        assertEquals(1_700_000_000_002L, alerts.accepted().get(0).tsMs());
        assertEquals(1, alerts.rejected().size());
        assertTrue(
                alerts.rejected().get(0).reason().contains("1700000000000.001"),
                alerts.rejected().toString());
    }

    @Test
    void aParquetFileThatIsNoneOrNestedOrCutIsNamed() throws Exception {
        Path none = Files.writeString(folder.resolve("none.parquet"), "alert_id\n");
        assertThrows(IOException.class, () -> AlertReader.read(none, 100));
        Path nested = parquet("select 'a' as alert_id, [1] as source, 'X-Y' as symbol, 1 as ts_ms");
        IOException refused = assertThrows(IOException.class, () -> AlertReader.read(nested, 100));
        assertTrue(String.valueOf(refused.getMessage()).contains("column source is nested"));
        byte[] whole = Files.readAllBytes(nested);
        Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, whole.length - 20));
        assertThrows(IOException.class, () -> AlertReader.read(cut, 100));
    }

    @Test
    void whatIsNotUtf8OrNotClosedOrTooMuchIsRefused() throws IOException {
        Path latin = Files.write(
                folder.resolve("latin.csv"),
                "alert_id,source,symbol,ts_ms\nü,b,c,1\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThrows(BadAlertsException.class, () -> AlertReader.read(latin, 100));
        assertThrows(BadAlertsException.class, () -> csv("alert_id,source,symbol,ts_ms\n\"a,b,c,1\n"));
        assertThrows(BadAlertsException.class, () -> csv("alert_id,source,symbol,ts_ms\n" + "a,b,c,1\n".repeat(101)));
    }

    @Test
    void aRejectedRowNeverStopsTheOthers() throws IOException {
        AlertList alerts = csv("alert_id,source,symbol,ts_ms\na,b,c,1\na,b,c,2\nd,b,c,3\n");
        assertEquals(
                List.of("a", "d"), alerts.accepted().stream().map(Alert::id).toList());
        assertEquals(List.of(new Rejected(3, "alert_id \"a\" is on line 2 already")), alerts.rejected());
    }
}
