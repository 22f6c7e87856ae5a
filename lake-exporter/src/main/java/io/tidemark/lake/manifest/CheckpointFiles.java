package io.tidemark.lake.manifest;

import io.tidemark.contracts.lake.LakeCheckpoint;
import io.tidemark.contracts.lake.LakeManifest;
import io.tidemark.contracts.lake.LakePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The checkpoints of one lake. The holder of the {@link LakeLock} writes them; readers take the newest that is
 * sound and agrees with its manifest, and do without where there is none.
 */
final class CheckpointFiles {
    /** The last ones are kept, so that a reader that just chose one finds it. */
    private static final int KEPT = 2;

    /** A checkpoint is due after so many generations at most. */
    private static final long MOST_GENERATIONS = 64;

    /** And earlier, when the manifests since then are this long, or an eighth of the checkpoint. */
    private static final long MOST_BYTES = 256 << 10;

    private final Path folder;
    private final Path manifests;

    CheckpointFiles(Path tenantRoot) {
        this.folder = tenantRoot.resolve(LakePath.EVENT_CHECKPOINTS);
        this.manifests = tenantRoot.resolve(LakePath.EVENT_MANIFESTS);
    }

    /** Newest first. */
    List<Path> all() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> generation(file) > 0)
                    .sorted(Comparator.comparing(CheckpointFiles::generation).reversed())
                    .toList();
        }
    }

    static long generation(Path file) {
        return LakeCheckpoint.generationOf(file.getFileName().toString());
    }

    /** The newest that can be used; damaged ones are passed over, {@code verify} names them. */
    Optional<LakeCheckpoint> newest(boolean forWriting) throws IOException {
        for (Path file : all()) {
            try {
                return Optional.of(read(file, forWriting));
            } catch (IllegalArgumentException | IOException e) {
                // Only speed is lost: an older one, or all manifests, say the same.
            }
        }
        return Optional.empty();
    }

    /** Throws {@link IllegalArgumentException} saying what is wrong with it. */
    LakeCheckpoint read(Path file, boolean forWriting) throws IOException {
        LakeCheckpoint checkpoint = LakeCheckpoint.parse(Files.readAllBytes(file), forWriting);
        if (checkpoint.generation() != generation(file)) {
            throw new IllegalArgumentException("it says generation " + checkpoint.generation());
        }
        Path manifest = manifests.resolve(LakeManifest.fileName(checkpoint.generation()));
        String text = Files.readString(manifest, StandardCharsets.ISO_8859_1);
        if (!text.contains("\"hash\":\"" + checkpoint.hash() + "\"")) {
            throw new IllegalArgumentException("it is of another lake than " + manifest);
        }
        return checkpoint;
    }

    /** Whether replaying the manifests after the last checkpoint has become worth another one. */
    boolean isDue(long generation) throws IOException {
        long since = 0;
        long worth = MOST_BYTES;
        List<Path> all = all();
        if (!all.isEmpty()) {
            since = generation(all.get(0));
            worth = Math.max(worth, Files.size(all.get(0)) / 8);
        }
        if (generation - since >= MOST_GENERATIONS) {
            return true;
        }
        long bytes = 0;
        for (long number = since + 1; number <= generation; number++) {
            bytes += Files.size(manifests.resolve(LakeManifest.fileName(number)));
        }
        return bytes >= worth;
    }

    void write(LakeCheckpoint checkpoint) throws IOException {
        Folders.create(folder);
        String name = LakeCheckpoint.fileName(checkpoint.generation());
        Path temporary = folder.resolve("." + name + ManifestSeal.TEMPORARY);
        Files.deleteIfExists(temporary);
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(checkpoint.toBytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Files.move(temporary, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        Folders.sync(folder);
        for (Path old : all().stream().skip(KEPT).toList()) {
            Files.deleteIfExists(old);
        }
    }
}
