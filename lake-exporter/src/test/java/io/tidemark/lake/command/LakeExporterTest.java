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

    @Test
    void bothSchemasArePublished() {
        assertEquals(0, run("export-slices", "--print-schema"));
        assertEquals(0, run("export-corpus", "--print-schema"));
        assertTrue(out.toString().contains("\"pre_candles\""), out.toString());
        assertTrue(out.toString().contains("\"timeframes\""), out.toString());
    }

    @Test
    void mistakesOfAConfigurationAreALineEachAndExitCodeTwo() throws Exception {
        Path config = Files.writeString(root.resolve("slices.json"), "{\"version\":1,\"kind\":\"slices\",\"a\":2}");
        assertEquals(2, run("export-slices", "--lake", root.toString(), config.toString()));
        assertEquals(2, run("export-slices", "--lake", root.toString()));
        assertTrue(err.toString().contains("slices.json: a: there is no such field"), err.toString());
        assertTrue(err.toString()
                        .lines()
                        .filter(line -> line.startsWith("lake-exporter: "))
                        .count()
                >= 4);
    }

    @Test
    void aDatabaseThatIsNotSetIsASetting() throws Exception {
        Path config = Files.writeString(root.resolve("corpus.json"), "{\"version\":1,\"kind\":\"corpus\"}");
        assertEquals(2, run("export-corpus", "--lake", root.toString(), config.toString()));
        assertTrue(err.toString().contains("lake.candles.database-url: is not set"), err.toString());
    }

    @Test
    void runsAndCorporaThatAreNotThereAreNamed() throws Exception {
        Files.createDirectories(root.resolve("default"));
        assertEquals(0, run("ls", "--lake", root.toString()));
        assertEquals(0, run("ls", "--runs", "--corpora", "--json", "--lake", root.toString()));
        assertTrue(out.toString().contains("{\"corpora\":[],\"runs\":[]}"), out.toString());
        assertEquals(1, run("describe", "0123456789abcdef", "--lake", root.toString()));
        assertEquals(1, run("diff", "0123456789abcdef", "x", "--lake", root.toString()));
        assertEquals(1, run("describe", "corpus:candles", "--lake", root.toString()));
        assertTrue(err.toString().contains("there is no run \"0123456789abcdef\""), err.toString());
    }
}
