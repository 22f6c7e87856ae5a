package io.tidemark.sync.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTargetTest extends TargetContract {
    @TempDir
    Path lake;

    @Override
    Target target() {
        return new DirectoryTarget(lake, "default", "pi/1");
    }

    @Test
    void theEdgeHasAFolderOfItsOwnInTheTenantsLake() throws IOException {
        try (Closeable taken = target().begin(Duration.ZERO, GO_ON)) {
            put(target(), PATH, new byte[] {7});
        }
        Path folder = lake.resolve("default/raw/edge=pi%2F1");
        assertTrue(Files.isRegularFile(folder.resolve(PATH)));
        assertEquals(0, Folders.entries(folder.resolve(".incoming")).size());
    }

    @Test
    void aFileWhereTheFolderShouldBeIsNamed() throws IOException {
        Files.writeString(lake.resolve("default"), "in the way");
        SyncFailure failure = assertThrows(SyncFailure.class, () -> target().begin(Duration.ZERO, GO_ON));
        assertTrue(failure.getMessage().contains(lake.resolve("default").toString()), failure.getMessage());
    }

    @Test
    void aLinkThatLeadsOutOfTheTargetIsNotWrittenThrough(@TempDir Path elsewhere) throws IOException {
        try (Closeable taken = target().begin(Duration.ZERO, GO_ON)) {
            Files.createSymbolicLink(lake.resolve("default/raw/edge=pi%2F1/ws"), elsewhere);
            SyncFailure failure = assertThrows(SyncFailure.class, () -> put(target(), PATH, new byte[] {7}));
            assertTrue(failure.getMessage().contains("leads out"), failure.getMessage());
        }
        try (var files = Files.walk(elsewhere)) {
            assertEquals(0, files.filter(Files::isRegularFile).count());
        }
    }

    @Test
    void anythingThatIsNoFileIsInTheWay() throws IOException {
        try (Closeable taken = target().begin(Duration.ZERO, GO_ON)) {
            Files.createDirectories(lake.resolve("default/raw/edge=pi%2F1").resolve(PATH));
            SyncFailure failure = assertThrows(SyncFailure.class, () -> target().size(PATH));
            assertTrue(failure.getMessage().contains("not a regular file"), failure.getMessage());
        }
    }
}
