package io.tidemark.lake.run;

import io.tidemark.lake.manifest.Folders;
import io.tidemark.lake.parquet.CandlePart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which an export of candles is made, named by its plan, so that the same export finds it again after
 * it was killed; an export of another plan throws it away. Nobody who reads the lake looks into it.
 *
 * <p>Used under the lock of the folder above, by several threads for different buckets.
 */
final class ExportWork {
    private static final String PREFIX = ".work-";
    private static final String DONE = ".done";

    private final Path folder;

    private ExportWork(Path folder) {
        this.folder = folder;
    }

    /** Opens the plan's folder, and removes those of other plans and what was half written in this one. */
    static ExportWork open(Path parent, String plan) throws IOException {
        Folders.create(parent);
        List<Path> others;
        try (Stream<Path> files = Files.list(parent)) {
            others = files.filter(file -> file.getFileName().toString().startsWith(PREFIX))
                    .filter(file -> !file.getFileName().toString().equals(PREFIX + plan))
                    .toList();
        }
        for (Path other : others) {
            delete(other);
        }
        ExportWork work = new ExportWork(parent.resolve(PREFIX + plan));
        Files.createDirectories(work.folder.resolve(DONE));
        work.removeUnfinished();
        return work;
    }

    Path folder() {
        return folder;
    }

    /** Keeps exactly the parts that finished buckets name and that are whole. */
    private void removeUnfinished() throws IOException {
        Map<String, CandlePart> known = new TreeMap<>();
        try (Stream<Path> markers = Files.list(folder.resolve(DONE))) {
            for (Path marker : (Iterable<Path>) markers::iterator) {
                Optional<BucketResult> result = whole(marker);
                if (result.isEmpty()) {
                    Files.delete(marker);
                } else {
                    result.get().parts().forEach(part -> known.put(part.path(), part));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return directory.endsWith(DONE) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!known.containsKey(folder.relativize(file).toString().replace('\\', '/'))) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private Optional<BucketResult> whole(Path marker) throws IOException {
        try {
            BucketResult result = BucketResult.parse(Files.readAllBytes(marker));
            for (CandlePart part : result.parts()) {
                Path file = folder.resolve(part.path());
                if (Files.size(file) != part.bytes() || !FileHash.sha256(file).equals(part.sha256())) {
                    return Optional.empty();
                }
            }
            return Optional.of(result);
        } catch (NoSuchFileException | IllegalArgumentException e) {
            // A power cut may have torn it; the bucket is written again.
            return Optional.empty();
        }
    }

    private Path marker(String bucket) {
        return folder.resolve(DONE).resolve(bucket + ".json");
    }

    /** What was finished before. */
    Optional<BucketResult> done(String bucket) throws IOException {
        try {
            return Optional.of(BucketResult.parse(Files.readAllBytes(marker(bucket))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The bucket's parts must be synced. The marker itself need not be: torn, it only costs the work again. */
    void markDone(BucketResult result) throws IOException {
        Path temporary = folder.resolve(DONE).resolve("." + result.bucket() + ".tmp");
        Files.write(temporary, result.toBytes());
        Files.move(temporary, marker(result.bucket()), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Leaves only what is published. */
    void forgetMarkers() throws IOException {
        delete(folder.resolve(DONE));
    }

    void delete() throws IOException {
        delete(folder);
    }

    /** After a failure; only a process that dies leaves its work to be gone on with. */
    void abandon(Exception cause) {
        try {
            delete(folder);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
