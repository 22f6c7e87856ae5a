package io.tidemark.sync.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.failure.FailureKind;
import io.tidemark.contracts.segment.Receipt;
import io.tidemark.sync.ReadyTree;
import io.tidemark.sync.TamperedTarget;
import io.tidemark.sync.ledger.SyncLedger;
import io.tidemark.sync.scan.FileState;
import io.tidemark.sync.scan.SourceFile;
import io.tidemark.sync.target.DirectoryTarget;
import io.tidemark.sync.target.StoppedException;
import io.tidemark.sync.target.SyncFailure;
import io.tidemark.sync.target.Target;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferTest {
    private static final int SIZE = 300_000;

    @TempDir
    Path dir;

    private final StopSignal stop = new StopSignal();
    private ReadyTree tree;
    private Path lake;
    private DirectoryTarget directory;
    private Closeable taken;
    private String path;

    @BeforeEach
    void oneSegmentIsReady() throws IOException {
        tree = new ReadyTree(dir.resolve("ready"), 42);
        lake = dir.resolve("lake");
        directory = new DirectoryTarget(lake, ReadyTree.TENANT, ReadyTree.EDGE);
        taken = directory.begin(Duration.ZERO, stop);
        path = tree.segment("trades", ReadyTree.FIRST_HOUR, SIZE);
    }

    @AfterEach
    void release() throws IOException {
        taken.close();
    }

    @Test
    void bringsTheSameBytesAndTwoEqualReceipts() throws IOException {
        String expected = ReadyTree.sha256(tree.file(path));
        assertEquals(Transfer.Outcome.TRANSFERRED, transfer(directory).bring(file(), expected));
        assertEquals(expected, ReadyTree.sha256(copy()));
        byte[] there = Files.readAllBytes(ReadyTree.inLake(lake, "_receipts/" + path + ".json"));
        assertArrayEquals(there, Files.readAllBytes(tree.file("_receipts/" + path + ".json")));
        Receipt receipt = Receipt.parse(there);
        assertEquals(expected, receipt.sha256());
        assertEquals(SIZE, receipt.bytes());
        assertEquals(path, receipt.path());
        assertEquals(lake.toUri().toString().replaceAll("/+$", ""), receipt.target());
    }

    @Test
    void theSameBytesAtTheTargetAreVerifiedAndKept() throws IOException {
        transfer(directory).bring(file(), null);
        Object before = Files.getAttribute(copy(), "unix:ino");
        Files.delete(tree.file("_receipts/" + path + ".json"));
        byte[] receipt = directory.receipt(path);
        assertEquals(Transfer.Outcome.VERIFIED, transfer(directory).bring(file(), null));
        assertEquals(before, Files.getAttribute(copy(), "unix:ino"));
        // A crash between the two receipts leaves one of them; the other becomes the same.
        assertArrayEquals(receipt, Files.readAllBytes(tree.file("_receipts/" + path + ".json")));
    }

    @Test
    void otherBytesAtTheTargetAreNeverReplaced() throws IOException {
        Files.createDirectories(copy().getParent());
        Files.write(copy(), new byte[SIZE]);
        String there = ReadyTree.sha256(copy());
        SyncFailure failure =
                assertThrows(SyncFailure.class, () -> transfer(directory).bring(file(), null));
        assertEquals(FailureKind.INVALID, failure.kind());
        assertTrue(failure.getMessage().contains(there), failure.getMessage());
        assertTrue(failure.getMessage().contains(ReadyTree.sha256(tree.file(path))), failure.getMessage());
        assertEquals(there, ReadyTree.sha256(copy()));
        assertNoReceipt();
    }

    @Test
    void aBitThatFlipsOnTheWayIsNoticedAndTheNextTryBringsIt() throws IOException {
        AtomicInteger flips = new AtomicInteger();
        Target flipping = new TamperedTarget(directory) {
            @Override
            protected void onWrite(String at, byte[] bytes, int length) {
                if (flips.getAndIncrement() == 1) { // the second piece of the first try
                    bytes[length / 2] ^= 0x10;
                }
            }
        };
        assertEquals(Transfer.Outcome.TRANSFERRED, transfer(flipping).bring(file(), null));
        assertEquals(ReadyTree.sha256(tree.file(path)), ReadyTree.sha256(copy()));
        assertTrue(flips.get() > 3, "a second try was made");
    }

    @Test
    void aLineThatAlwaysDamagesBringsNothing() throws IOException {
        Target flipping = new TamperedTarget(directory) {
            @Override
            protected void onWrite(String at, byte[] bytes, int length) {
                bytes[0] ^= 1;
            }
        };
        SyncFailure failure =
                assertThrows(SyncFailure.class, () -> transfer(flipping).bring(file(), null));
        assertTrue(failure.getMessage().contains("damaged on the way"), failure.getMessage());
        assertFalse(Files.exists(copy()));
        assertNoReceipt();
    }

    @Test
    void aFileThatGrowsWhileItIsReadIsNotAccepted() throws IOException {
        Target growing = new TamperedTarget(directory) {
            @Override
            protected void onWrite(String at, byte[] bytes, int length) throws IOException {
                Files.write(tree.file(path), new byte[] {1}, StandardOpenOption.APPEND);
            }
        };
        SyncFailure failure =
                assertThrows(SyncFailure.class, () -> transfer(growing).bring(file(), null));
        assertTrue(failure.getMessage().contains("changed while it was read"), failure.getMessage());
        assertFalse(Files.exists(copy()));
        assertNoReceipt();
    }

    @Test
    void aFileThatIsReplacedWhileItIsReadIsNotAccepted() throws IOException {
        FileState before = FileState.of(tree.file(path));
        Target replacing = new TamperedTarget(directory) {
            @Override
            protected void onWrite(String at, byte[] bytes, int length) throws IOException {
                Path other = dir.resolve("other");
                Files.write(other, new byte[SIZE]);
                Files.setLastModifiedTime(other, Files.getLastModifiedTime(tree.file(path)));
                Files.move(other, tree.file(path), StandardCopyOption.REPLACE_EXISTING);
            }
        };
        SyncFailure failure =
                assertThrows(SyncFailure.class, () -> transfer(replacing).bring(file(), null));
        assertTrue(failure.getMessage().contains("changed while it was read"), failure.getMessage());
        assertEquals(before.bytes(), FileState.of(tree.file(path)).bytes());
        assertFalse(Files.exists(copy()));
    }

    @Test
    void aFileThatItsHourManifestDisownsIsDamaged() throws IOException {
        SyncFailure failure =
                assertThrows(SyncFailure.class, () -> transfer(directory).bring(file(), "ab".repeat(32)));
        assertEquals(FailureKind.INVALID, failure.kind());
        assertTrue(failure.getMessage().contains("is damaged"), failure.getMessage());
        assertTrue(failure.getMessage().contains(tree.file(path).toString()), failure.getMessage());
        assertFalse(Files.exists(copy()));
        assertNoReceipt();
    }

    @Test
    void aFileThatIsGoneIsNoFailure() throws IOException {
        SourceFile file = file();
        Files.delete(tree.file(path));
        assertEquals(Transfer.Outcome.VANISHED, transfer(directory).bring(file, null));
        assertNoReceipt();
    }

    @Test
    void aCrashBeforeTheReceiptIsMadeGoodByARepeat() throws IOException {
        Target crashing = new TamperedTarget(directory) {
            @Override
            protected void beforeReceipt(String at) {
                throw new IllegalStateException("crash");
            }
        };
        assertThrows(IllegalStateException.class, () -> transfer(crashing).bring(file(), null));
        assertNoReceipt();
        assertEquals(Transfer.Outcome.VERIFIED, transfer(directory).bring(file(), null));
        assertNotNull(ledger(directory).receiptOf(file()));
    }

    @Test
    void anEmptyFileIsAFile() throws IOException {
        tree.write("ws/empty", new byte[0]);
        SourceFile empty = new SourceFile("ws/empty", tree.file("ws/empty"), FileState.of(tree.file("ws/empty")));
        assertEquals(Transfer.Outcome.TRANSFERRED, transfer(directory).bring(empty, null));
        assertEquals(0, Files.size(ReadyTree.inLake(lake, "ws/empty")));
    }

    @Test
    void aStopInTheMiddleLeavesNothing() throws IOException {
        Target stopping = new TamperedTarget(directory) {
            @Override
            protected void onWrite(String at, byte[] bytes, int length) {
                stop.stop();
            }
        };
        assertThrows(StoppedException.class, () -> transfer(stopping).bring(file(), null));
        assertFalse(Files.exists(copy()));
        assertNoReceipt();
    }

    @Test
    void aReceiptCountsOnlyForTheFileAsItWas() throws IOException {
        transfer(directory).bring(file(), null);
        assertNotNull(ledger(directory).receiptOf(file()));
        byte[] same = Files.readAllBytes(tree.file(path));
        same[5] ^= 1;
        Files.write(tree.file(path), same);
        Files.setLastModifiedTime(
                tree.file(path),
                java.nio.file.attribute.FileTime.from(
                        Files.getLastModifiedTime(tree.file(path)).toInstant().plusNanos(1000)));
        assertEquals(null, ledger(directory).receiptOf(file()));
        SyncFailure failure =
                assertThrows(SyncFailure.class, () -> transfer(directory).bring(file(), null));
        assertTrue(failure.getMessage().contains("different bytes"), failure.getMessage());
    }

    @Test
    void aReceiptForAnotherTargetCountsForNothing() throws IOException {
        transfer(directory).bring(file(), null);
        DirectoryTarget other = new DirectoryTarget(dir.resolve("other-lake"), ReadyTree.TENANT, ReadyTree.EDGE);
        assertEquals(null, ledger(other).receiptOf(file()));
    }

    @Test
    void aTornReceiptIsNone() throws IOException {
        transfer(directory).bring(file(), null);
        Files.write(tree.file("_receipts/" + path + ".json"), new byte[0]);
        assertEquals(null, ledger(directory).receiptOf(file()));
        transfer(directory).bring(file(), null);
        assertNotNull(ledger(directory).receiptOf(file()));
    }

    private void assertNoReceipt() throws IOException {
        assertEquals(null, directory.receipt(path));
        assertFalse(Files.exists(tree.file("_receipts/" + path + ".json")));
    }

    private Path copy() {
        return ReadyTree.inLake(lake, path);
    }

    private SourceFile file() throws IOException {
        return new SourceFile(path, tree.file(path), FileState.of(tree.file(path)));
    }

    private SyncLedger ledger(Target target) {
        return new SyncLedger(
                tree.folder(),
                target,
                ReadyTree.TENANT,
                ReadyTree.EDGE,
                InstantSource.fixed(Instant.parse("2024-08-09T02:00:00Z")));
    }

    private Transfer transfer(Target target) {
        return new Transfer(
                target,
                ledger(target),
                new Throttle(Bandwidth.UNLIMITED, System::nanoTime, stop),
                new Retry(2, Duration.ofMillis(1)),
                new Random(1),
                stop);
    }
}
