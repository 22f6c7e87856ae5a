package io.tidemark.lake.flight;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The second line: what the engine itself refuses, should a statement ever pass the guard. */
class LakeEngineTest {
    @TempDir
    Path folder;

    private final BufferAllocator allocator = new RootAllocator();
    private TestLake lake;
    private Path sealed;
    private LakeEngine engine;

    @BeforeEach
    void open() throws Exception {
        lake = new TestLake(folder);
        sealed = lake.sealTrades("BTC-USDT", 10);
        engine = LakeEngine.open(lake, folder.resolve("engine"), TestLake.limits(), allocator);
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
        allocator.close();
        assertFalse(Files.exists(folder.resolve("engine")));
    }

    @Test
    void noFileOfTheLakeIsOverwrittenAndNoneElsewhereIsWritten() throws Exception {
        byte[] before = Files.readAllBytes(sealed);
        for (Path target : List.of(sealed, folder.resolve("new.parquet"), folder.resolve("engine/spill/new.csv"))) {
            for (String options :
                    List.of("(FORMAT parquet)", "(FORMAT csv)", "(FORMAT parquet, OVERWRITE_OR_IGNORE)")) {
                run("COPY (SELECT 1) TO '" + target + "' " + options);
                run("WITH x AS (COPY (SELECT 1) TO '" + target + "' " + options + ") SELECT 1");
            }
        }
        run("EXPORT DATABASE '" + folder.resolve("exported") + "'");
        run("ATTACH '" + folder.resolve("new.duckdb") + "' AS x");
        assertArrayEquals(before, Files.readAllBytes(sealed));
        assertFalse(Files.exists(folder.resolve("new.parquet")));
        assertFalse(Files.exists(folder.resolve("exported")));
        assertFalse(Files.exists(folder.resolve("new.duckdb")));
    }

    @Test
    void nothingOutsideOfTheSealedFilesIsRead() throws Exception {
        Path outside = Files.writeString(folder.resolve("outside.csv"), "a\nsecret\n");
        Path unsealed = Files.copy(sealed, folder.resolve("unsealed.parquet"));
        for (String sql : List.of(
                "SELECT * FROM read_text('/etc/passwd')",
                "SELECT * FROM read_csv('" + outside + "')",
                "SELECT * FROM '" + outside + "'",
                "SELECT * FROM read_parquet('" + unsealed + "')",
                "SELECT * FROM read_parquet('" + folder + "/*.parquet')",
                "SELECT * FROM read_parquet('" + folder + "/engine/../unsealed.parquet')",
                "SELECT * FROM read_text('" + folder + "/engine/../outside.csv')",
                "SELECT * FROM read_blob('/proc/self/environ')",
                "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')")) {
            assertFails(sql);
        }
    }

    @Test
    void settingsAndTheCatalogueCannotBeChanged() throws Exception {
        for (String sql : List.of(
                "SET memory_limit = '1TB'",
                "SET GLOBAL enable_external_access = true",
                "SET allowed_directories = ['/']",
                "SET lock_configuration = false",
                "RESET GLOBAL allowed_paths",
                "INSTALL httpfs",
                "LOAD httpfs",
                "CREATE TABLE x (a INTEGER)",
                "CREATE OR REPLACE VIEW trades AS SELECT 1",
                "DROP VIEW trades",
                "CREATE PERSISTENT SECRET (TYPE s3, KEY_ID 'x')")) {
            assertFails(sql);
        }
        try (Connection connection = engine.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM trades")) {
            assertTrue(rows.next());
            assertEquals(10, rows.getLong(1));
        }
    }

    @Test
    void whatDoesNotFitIntoMemoryIsSpilledToTheWorkFolderOnly() throws Exception {
        try (Connection connection = engine.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT count(*), max(x) FROM (SELECT repeat(i::VARCHAR, 20) AS x"
                                + " FROM range(6000000) AS t(i) ORDER BY hash(i))")) {
            assertTrue(rows.next());
            assertEquals(6_000_000, rows.getLong(1));
        }
    }

    @Test
    void everyColumnOfAnEventFileIsInTheViewOfSomeKind() {
        assertEquals(
                List.of(),
                columns().stream().filter(column -> !LakeViews.placed(column)).toList());
    }

    @Test
    void noViewHasAColumnThatEventFilesDoNotHave() {
        assertEquals(List.of(), LakeViews.unknownTo(columns()));
    }

    private List<String> columns() {
        Schema events = Objects.requireNonNull(engine.tables().get("events"));
        return events.getFields().stream().map(Field::getName).toList();
    }

    @Test
    void leftoversOfAKilledProcessAreRemovedAndThoseInUseAreNot() throws Exception {
        Path parent = folder.resolve("parent");
        try (WorkFolder used = WorkFolder.below(parent)) {
            Path left = Files.createDirectories(parent.resolve("tidemark-flight-left"));
            Files.createFile(left.resolve(".lock"));
            Files.writeString(left.resolve("spilled"), "x");
            try (WorkFolder next = WorkFolder.below(parent)) {
                assertFalse(Files.exists(left));
                assertTrue(Files.exists(used.path()));
                assertTrue(Files.exists(next.path()));
            }
        }
        try (Stream<Path> rest = Files.list(parent)) {
            assertEquals(List.of(), rest.toList());
        }
    }

    private void assertFails(String sql) {
        assertThrows(
                SQLException.class,
                () -> {
                    try (Connection connection = engine.connect();
                            Statement statement = connection.createStatement()) {
                        statement.execute(sql);
                    }
                },
                sql);
    }

    /** Runs what may fail or not: what counts is what it left behind. */
    private void run(String sql) {
        try (Connection connection = engine.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            assertFalse(String.valueOf(e.getMessage()).isEmpty());
        }
    }
}
