package io.tidemark.lake.source;

import io.tidemark.contracts.json.SelfHash;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.lake.manifest.DamagedLakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** What the transfer proved of a file: its hash. */
final class Receipts {
    private Receipts() {}

    static Optional<String> sha256(Path folder, String path) throws IOException {
        Path receipt = folder.resolve(SegmentPath.receipt(path));
        try {
            return Optional.of(SelfHash.open(Files.readAllBytes(receipt)).text("sha256"));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new DamagedLakeException(receipt + ": " + e.getMessage(), e);
        }
    }
}
