package io.tidemark.sync.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.sync.ReadyTree;
import io.tidemark.sync.ledger.SyncLedger;
import io.tidemark.sync.scan.FileState;
import io.tidemark.sync.target.DirectoryTarget;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetCheckTest {
    @TempDir
    Path dir;

    private DirectoryTarget target;
    private final String[] paths = {"ws/a", "ws/b", "ws/c"};

    @BeforeEach
    void threeFilesAreAtTheTarget() throws IOException {
        ReadyTree tree = new ReadyTree(dir.resolve("ready"), 1);
        target = new DirectoryTarget(dir.resolve("lake"), ReadyTree.TENANT, ReadyTree.EDGE);
        SyncLedger ledger =
                new SyncLedger(tree.folder(), target, ReadyTree.TENANT, ReadyTree.EDGE, InstantSource.system());
        try (Closeable taken = target.begin(Duration.ZERO, () -> false)) {
            for (String path : paths) {
                byte[] bytes = path.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                tree.write(path, bytes);
                String sha256 = ReadyTree.sha256(tree.file(path));
                try (var upload = target.upload(path)) {
                    upload.write(bytes, bytes.length);
                    upload.publish(sha256, () -> false);
                }
                ledger.record(path, FileState.of(tree.file(path)), sha256);
            }
        }
    }

    @Test
    void allIsWell() throws IOException {
        TargetCheck.Result result = check();
        assertTrue(result.ok());
        assertEquals(3, result.files());
        assertEquals(12, result.bytes());
        assertEquals(0, result.withoutReceipt());
    }

    @Test
    void aFlippedBitACutAMissingFileAndADamagedReceiptAreNamed() throws IOException {
        Files.writeString(file("ws/a"), "WS/a");
        Files.delete(file("ws/b"));
        Files.writeString(file("_receipts/ws/c.json"), "{");
        TargetCheck.Result result = check();
        assertFalse(result.ok());
        assertEquals(3, result.wrong());
        assertTrue(result.first().get(0).message().contains("it has the hash"));
        assertTrue(result.first().get(1).message().contains("it is missing"));
        assertTrue(result.first().get(2).message().contains("receipt is damaged"));
        Files.writeString(file("ws/a"), "ws");
        assertTrue(check().first().get(0).message().contains("it has 2 bytes, its receipt says 4"));
    }

    @Test
    void aFileWithoutReceiptIsCounted() throws IOException {
        Files.delete(file("_receipts/ws/a.json"));
        TargetCheck.Result result = check();
        assertTrue(result.ok());
        assertEquals(2, result.files());
        assertEquals(1, result.withoutReceipt());
    }

    private Path file(String path) {
        return ReadyTree.inLake(dir.resolve("lake"), path);
    }

    private TargetCheck.Result check() throws IOException {
        return new TargetCheck(target, () -> false).run((path, files, bytes) -> {});
    }
}
