package io.tidemark.lake.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeExporterTest {
    @TempDir
    Path root;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return LakeExporter.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void aMissingLakeIsOneSentence() {
        assertEquals(2, run("ls"));
        assertEquals("lake-exporter: lake.root: is not set, and has no default\n", err.toString());
    }

    @Test
    void aMistypedLakeOrEdgeIsNamedAndLeavesNoTrace() {
        Path typo = root.resolve("typo");
        assertEquals(1, run("stats", "--lake", typo.toString()));
        assertEquals(1, run("export-events", "--lake", typo.toString(), "--edge", "pi-1"));
        assertTrue(err.toString().contains("there is no lake"), err.toString());
        assertTrue(err.toString().contains("edge \"pi-1\" has brought nothing here"), err.toString());
        assertFalse(Files.exists(typo));
    }

    @Test
    void wrongUsageIsExitCodeTwo() {
        String lake = root.toString();
        assertEquals(2, run("export-events", "--lake", lake));
        assertEquals(2, run("export-events", "--lake", lake, "--include-incomplete"));
        assertEquals(2, run("export-events", "--lake", lake, "--edge", "x", "--from", "yesterday"));
        assertEquals(2, run("export-events", "--lake", lake, "--edge", "x", "--on-damaged", "ignore"));
        assertEquals(2, run("no-such-command"));
        assertTrue(err.toString().contains("\"yesterday\""), err.toString());
    }

    @Test
    void helpIsExitCodeZero() {
        assertEquals(0, run("--help"));
        assertEquals(0, run("export-events", "--help"));
        assertTrue(out.toString().contains("--include-incomplete"), out.toString());
    }
}
