package io.tidemark.edge.disk;

import io.tidemark.contracts.segment.Receipt;
import io.tidemark.contracts.segment.SegmentPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Segments below {@code ready/} that a receipt says are at the target: they, and nothing else, may go. */
final class SyncedSegments {
    private static final Logger LOG = Logger.getLogger(SyncedSegments.class);

    private record Synced(Path file, SegmentPath path, long bytes) {}

    private final Path ready;

    SyncedSegments(Path ready) {
        this.ready = ready;
    }

    /** What a deletion did. */
    record Deleted(int files, long bytes) {}

    /** Deletes the oldest until about so many bytes are free, or there is none left. */
    Deleted delete(long bytes) throws IOException {
        int files = 0;
        long freed = 0;
        List<Synced> synced = find();
        for (Synced one : synced) {
            if (freed >= bytes) {
                break;
            }
            if (Files.deleteIfExists(one.file())) {
                files++;
                freed += one.bytes();
            }
        }
        return new Deleted(files, freed);
    }

    private List<Synced> find() throws IOException {
        Path receipts = ready.resolve(SegmentPath.RECEIPTS);
        List<Synced> found = new ArrayList<>();
        if (!Files.isDirectory(receipts)) {
            return found;
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(receipts)) {
            files = all.filter(Files::isRegularFile).toList();
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : files) {
            if (file.toString().contains("/" + SegmentPath.MANIFESTS + "/")) {
                continue;
            }
            try {
                Receipt receipt = Receipt.parse(Files.readAllBytes(file));
                Path segment = ready.resolve(receipt.path());
                if (Files.exists(segment) && isTheOne(segment, receipt)) {
                    found.add(new Synced(segment, SegmentPath.parse(receipt.path()), receipt.bytes()));
                }
            } catch (IllegalArgumentException e) {
                LOG.debugf("%s is no receipt of a segment: %s", file, e.getMessage());
            }
        }
        found.sort(Comparator.comparing((Synced one) -> one.path().hour())
                .thenComparing(one -> one.path().ordinal()));
        return found;
    }

    /** Not changed since its copy was verified. */
    private static boolean isTheOne(Path segment, Receipt receipt) throws IOException {
        return Files.size(segment) == receipt.bytes()
                && Files.getLastModifiedTime(segment).to(TimeUnit.NANOSECONDS) == receipt.modified();
    }
}
