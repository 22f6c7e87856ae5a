package io.tidemark.sync.target;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.failure.FailureKind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What every target promises. */
abstract class TargetContract {
    static final BooleanSupplier GO_ON = () -> false;
    static final String PATH = "ws/trades/x/1.parquet";
    private static final byte[] BYTES = "the bytes".getBytes(StandardCharsets.UTF_8);

    abstract Target target() throws IOException;

    @Test
    void whatIsPublishedCanBeReadAgain() throws IOException {
        Target target = target();
        try (Closeable taken = target.begin(Duration.ZERO, GO_ON)) {
            put(target, PATH, BYTES);
        }
        assertEquals(BYTES.length, target.size(PATH).orElseThrow());
        assertEquals(hash(BYTES), target.sha256(PATH, GO_ON));
    }

    @Test
    void nothingIsVisibleBeforeItIsPublished() throws IOException {
        Target target = target();
        try (Closeable taken = target.begin(Duration.ZERO, GO_ON)) {
            try (Target.Upload upload = target.upload(PATH)) {
                upload.write(BYTES, BYTES.length);
                assertTrue(target.size(PATH).isEmpty());
                assertEquals(List.of(), files(target));
            }
            assertTrue(target.size(PATH).isEmpty());
        }
    }

    @Test
    void otherBytesThanPromisedAreNotPublished() throws IOException {
        Target target = target();
        try (Closeable taken = target.begin(Duration.ZERO, GO_ON);
                Target.Upload upload = target.upload(PATH)) {
            upload.write(BYTES, BYTES.length - 1);
            SyncFailure failure = assertThrows(SyncFailure.class, () -> upload.publish(hash(BYTES), GO_ON));
            assertEquals(FailureKind.TRANSIENT, failure.kind());
            assertTrue(failure.getMessage().contains("damaged on the way"), failure.getMessage());
            assertTrue(target.size(PATH).isEmpty());
        }
    }

    @Test
    void aTakenPathIsNeverReplaced() throws IOException {
        Target target = target();
        byte[] other = "other bytes".getBytes(StandardCharsets.UTF_8);
        try (Closeable taken = target.begin(Duration.ZERO, GO_ON)) {
            put(target, PATH, BYTES);
            put(target, PATH, BYTES);
            SyncFailure failure = assertThrows(SyncFailure.class, () -> put(target, PATH, other));
            assertEquals(FailureKind.INVALID, failure.kind());
            assertTrue(failure.getMessage().contains(hash(BYTES)), failure.getMessage());
            assertTrue(failure.getMessage().contains(hash(other)), failure.getMessage());
        }
        assertEquals(hash(BYTES), target.sha256(PATH, GO_ON));
    }

    @Test
    void receiptsAreKeptApartFromFilesAndMayBeRenewed() throws IOException {
        Target target = target();
        try (Closeable taken = target.begin(Duration.ZERO, GO_ON)) {
            assertNull(target.receipt(PATH));
            put(target, PATH, BYTES);
            target.putReceipt(PATH, new byte[] {1});
            target.putReceipt(PATH, new byte[] {2});
        }
        assertArrayEquals(new byte[] {2}, target.receipt(PATH));
        assertEquals(List.of(PATH), files(target));
        List<String> receipts = new ArrayList<>();
        target.eachReceipt(receipts::add);
        assertEquals(List.of(PATH), receipts);
    }

    @Test
    void onePassAtATime() throws IOException {
        Target target = target();
        try (Closeable taken = target.begin(Duration.ZERO, GO_ON)) {
            SyncFailure failure = assertThrows(SyncFailure.class, () -> target().begin(Duration.ofMillis(1), GO_ON));
            assertEquals(FailureKind.TRANSIENT, failure.kind());
        }
        target().begin(Duration.ZERO, GO_ON).close();
    }

    @Test
    void theNextPassClearsWhatACrashLeft() throws IOException {
        Target target = target();
        try (Closeable taken = target.begin(Duration.ZERO, GO_ON)) {
            Target.Upload left = target.upload(PATH);
            left.write(BYTES, BYTES.length); // never closed, as by a crash
        }
        Target next = target();
        try (Closeable taken = next.begin(Duration.ZERO, GO_ON)) {
            put(next, PATH, BYTES);
        }
        assertEquals(List.of(PATH), files(next));
    }

    @Test
    void aPathThatLeadsOutIsRefused() throws IOException {
        Target target = target();
        assertThrows(IllegalArgumentException.class, () -> target.size("../../outside"));
        assertThrows(IllegalArgumentException.class, () -> target.size("/etc/passwd"));
    }

    static void put(Target target, String path, byte[] bytes) throws IOException {
        try (Target.Upload upload = target.upload(path)) {
            upload.write(bytes, bytes.length);
            upload.publish(hash(bytes), GO_ON);
        }
    }

    static String hash(byte[] bytes) {
        Sha256 hash = new Sha256();
        hash.update(bytes, bytes.length);
        return hash.hex();
    }

    private static List<String> files(Target target) throws IOException {
        List<String> files = new ArrayList<>();
        target.eachFile(files::add);
        return files;
    }
}
