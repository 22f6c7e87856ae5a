package io.tidemark.local.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedDatabaseIT {
    @TempDir
    Path dir;

    @Test
    void keepsItsRowsWhenThePostmasterIsKilledAndWhenItIsStoppedInOrder() throws Exception {
        int port;
        try (EmbeddedDatabase database = EmbeddedDatabase.start(dir)) {
            port = database.port();
            execute(database, "CREATE TABLE t (n int primary key)");
            execute(database, "INSERT INTO t VALUES (1)");
            assertTrue(database.process().destroyForcibly());
            database.process().onExit().get(10, TimeUnit.SECONDS);
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(dir)) {
            assertEquals(port, database.port());
            execute(database, "INSERT INTO t VALUES (2)");
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(dir)) {
            assertEquals("2", ask(database, "SELECT count(*) FROM t"));
        }
    }

    @Test
    void takesOverAFolderWhoseServerStillRuns() throws Exception {
        EmbeddedDatabase forgotten = EmbeddedDatabase.start(dir);
        execute(forgotten, "CREATE TABLE t (n int)");
        try (EmbeddedDatabase database = EmbeddedDatabase.start(dir)) {
            assertFalse(forgotten.process().isAlive());
            assertEquals("0", ask(database, "SELECT count(*) FROM t"));
        }
        forgotten.close();
    }

    @Test
    void isDurableAsksForAPasswordAndGivesNoSuperuser() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(dir)) {
            assertEquals("on", ask(database, "SHOW fsync"));
            assertEquals("127.0.0.1", ask(database, "SHOW listen_addresses"));
            assertEquals("UTC", ask(database, "SHOW log_timezone"));
            assertEquals("f", ask(database, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"));
            SQLException refused = assertThrows(
                    SQLException.class,
                    () -> DriverManager.getConnection(database.jdbcUrl(), database.user(), "guess"));
            assertEquals("28P01", refused.getSQLState());
        }
    }

    @Test
    void twoServersLiveBesideEachOther() {
        try (EmbeddedDatabase one = EmbeddedDatabase.start(dir.resolve("one"));
                EmbeddedDatabase two = EmbeddedDatabase.start(dir.resolve("two"))) {
            assertNotEquals(one.port(), two.port());
            assertNotEquals(one.password(), two.password());
        }
    }

    private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(EmbeddedDatabase database) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }
}
