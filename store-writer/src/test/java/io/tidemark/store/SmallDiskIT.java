package io.tidemark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.store.stack.Await;
import io.tidemark.store.stack.Bars;
import io.tidemark.store.stack.Rig;
import io.tidemark.store.stack.SmallDisk;
import io.tidemark.store.stack.Writer;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file system that is really full, in a user namespace; says so where there is none. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SmallDiskIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    Path dir;

    private static List<Envelope> bars(int from, int count) {
        List<Envelope> events = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            events.add(Bars.bar("FULL", Bars.AUGUST + i * Bars.SECOND, "1." + i).build());
        }
        return events;
    }

    private static String ask(String url, String sql) throws Exception {
        URI uri = URI.create(url);
        String[] user = uri.getUserInfo().split(":", 2);
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath(), user[0], user[1]);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void aFullDiskIsWaitedForAndNothingBecomesADeadLetter() throws Exception {
        Assumptions.assumeTrue(SmallDisk.isPossible(), "no user namespace with a mount here");
        try (Rig rig = new Rig(dir);
                SmallDisk disk = SmallDisk.start(dir);
                Writer writer =
                        Writer.start(rig, Map.of("DATABASE_URL", disk.url())).awaitReady()) {
            rig.sendBars(bars(0, 1_000));
            writer.awaitNoLag(LONG);
            disk.fill();
            rig.sendBars(bars(1_000, 30_000));
            Await.until(LONG, writer::log, () -> writer.log().contains("53100"));
            assertEquals(200, writer.get("/q/health/live").statusCode());
            disk.free();
            writer.awaitNoLag(LONG);
            assertEquals("31000", ask(disk.url(), "SELECT count(*) FROM bars"));
            assertEquals("31000", ask(disk.url(), "SELECT count(*) FROM bars_ohlcv"));
            assertEquals("0", ask(disk.url(), "SELECT count(*) FROM dead_letters"));
            assertEquals("0", ask(disk.url(), "SELECT count(*) FROM store_divergence"));
        }
    }
}
