package io.tidemark.sync.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.sync.target.SyncFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadyScannerTest {
    @TempDir
    Path ready;

    private final List<String> found = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    private final ReadyScanner.Visitor visitor = new ReadyScanner.Visitor() {
        @Override
        public void found(SourceFile file) {
            found.add(file.path());
        }

        @Override
        public void refused(String path, SyncFailure why) {
            refused.add(path + ": " + why.getMessage());
        }
    };

    @Test
    void findsEveryFileInOrderOfItsPath() throws IOException {
        write("ws/trades/b");
        write("ws/trades/a");
        write("rest/x/y/z/deep");
        write("top");
        new ReadyScanner(ready).scan(visitor);
        assertEquals(List.of("rest/x/y/z/deep", "top", "ws/trades/a", "ws/trades/b"), found);
        assertEquals(List.of(), refused);
    }

    @Test
    void hiddenTemporaryReceiptsAndManifestsAreNoSegments() throws IOException {
        write(".hidden");
        write(".folder/a");
        write("ws/a.tmp");
        write("ws/a.part");
        write("_receipts/ws/a.json");
        write("_manifest/20240808T23_0000000001.json");
        new ReadyScanner(ready).scan(visitor);
        assertEquals(List.of(), found);
        new ReadyScanner(ready).scanManifests(visitor);
        assertEquals(List.of("_manifest/20240808T23_0000000001.json"), found);
    }

    @Test
    void symbolicLinksAreReportedAndNotFollowed(@TempDir Path elsewhere) throws IOException {
        Files.writeString(elsewhere.resolve("secret"), "x");
        Files.createSymbolicLink(ready.resolve("out"), elsewhere);
        Files.createSymbolicLink(ready.resolve("file"), elsewhere.resolve("secret"));
        Files.createSymbolicLink(ready.resolve("round"), ready);
        new ReadyScanner(ready).scan(visitor);
        assertEquals(List.of(), found);
        assertEquals(3, refused.size());
        assertTrue(refused.get(0).contains("symbolic link"), refused.get(0));
    }

    @Test
    void aNameThatCannotStandInAPathIsReported() throws IOException {
        write("ws/new\nline");
        write("ws/fine");
        new ReadyScanner(ready).scan(visitor);
        assertEquals(List.of("ws/fine"), found);
        assertEquals(1, refused.size());
    }

    @Test
    void aMissingFolderIsNamed() {
        Path missing = ready.resolve("missing");
        SyncFailure failure = assertThrows(SyncFailure.class, () -> new ReadyScanner(missing).scan(visitor));
        assertTrue(failure.getMessage().contains(missing.toString()), failure.getMessage());
    }

    private void write(String path) throws IOException {
        Path file = ready.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, path);
    }
}
