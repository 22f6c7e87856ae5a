package io.tidemark.lake.manifest;

import io.tidemark.contracts.lake.LakeCheckpoint;
import io.tidemark.contracts.lake.LakeCheckpoint.Consumed;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakeManifest;
import io.tidemark.contracts.lake.LakeManifest.RawInput;
import io.tidemark.contracts.lake.LakePath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Commits the next generation of the event lake. The holder of the {@link LakeLock} uses it, once.
 *
 * <p>The commit is one exclusive link of a synced file: before it the old state holds, after it the new one, and
 * no moment in between.
 */
public final class ManifestSeal {
    /** What an export writes before it renames, and what it sorts with. */
    public static final String TEMPORARY = ".tmp";

    /** Folder for what is thrown away at the end, relative to the tenant's root. */
    public static final String WORK = "events/.work";

    private static final Logger LOG = Logger.getLogger(ManifestSeal.class);
    private static final Pattern EVENT_FILE = Pattern.compile("-?\\d{18,19}_.+\\.parquet");

    private final Path tenantRoot;
    private final Path manifests;
    private final String tenant;
    private final SealedState before;
    private final CheckpointFiles checkpoints;
    private final Map<String, Consumed> consumed = new TreeMap<>();
    private final Map<String, Long> removed = new TreeMap<>();

    /** Reads the last checkpoint and all generations after it. */
    public ManifestSeal(Path tenantRoot, String tenant) throws IOException {
        this.tenantRoot = tenantRoot;
        this.tenant = tenant;
        this.manifests = tenantRoot.resolve(LakePath.EVENT_MANIFESTS);
        this.checkpoints = new CheckpointFiles(tenantRoot);
        Optional<LakeCheckpoint> from = checkpoints.newest(true);
        from.ifPresent(checkpoint -> {
            checkpoint.consumed().forEach(input -> consumed.put(key(input.edge(), input.path()), input));
            checkpoint.removed().forEach(file -> removed.put(file.path(), file.generation()));
        });
        Chain chain = from.map(Chain::of).orElseGet(() -> new Chain(SealedState.EMPTY));
        this.before = new SealedLake(tenantRoot).read(chain, true, this::remember);
    }

    private void remember(LakeManifest generation) {
        for (RawInput input : generation.inputs()) {
            if (input.complete()) {
                consumed.put(key(input.edge(), input.path()), new Consumed(input.edge(), input.path(), input.bytes()));
            }
        }
        generation.removed().forEach(path -> removed.put(path, generation.generation()));
    }

    private static String key(String edge, String path) {
        return edge + "\n" + path;
    }

    /** The state that the commit will follow. */
    public SealedState before() {
        return before;
    }

    /**
     * Whether all events of a raw file are in the lake already. Throws {@link DamagedLakeException} when the file
     * is not the one that was read then, though raw files never change.
     */
    public boolean isConsumed(String edge, String path, long bytes) throws DamagedLakeException {
        Consumed known = consumed.get(key(edge, path));
        if (known != null && known.bytes() != bytes) {
            throw new DamagedLakeException(
                    path + " of edge " + edge + " has " + bytes + " bytes, but had " + known.bytes()
                            + " when it was sealed; raw files never change",
                    null);
        }
        return known != null;
    }

    /** Removes what a killed export left: its temporary files, and event files that no generation ever had. */
    public int removeLeftovers() throws IOException {
        List<Path> leftovers = new ArrayList<>();
        Path events = manifests.toAbsolutePath().getParent();
        Path root = tenantRoot.toAbsolutePath();
        Files.walkFileTree(events, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                boolean inWork = file.startsWith(root.resolve(WORK));
                boolean temporary = name.startsWith(".") && name.endsWith(TEMPORARY);
                boolean unknown = EVENT_FILE.matcher(name).matches() && !isKnown(relative(root, file));
                if (inWork || temporary || unknown) {
                    leftovers.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        for (Path file : leftovers) {
            Files.deleteIfExists(file);
        }
        return leftovers.size();
    }

    private boolean isKnown(String path) {
        return before.byPath().containsKey(path) || removed.containsKey(path);
    }

    private static String relative(Path root, Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    /**
     * Deletes files that a generation removed, once that generation is older than the grace: whoever still reads
     * an earlier state had that long to finish. The age is that of the manifest's file.
     */
    public int removeSuperseded(Duration grace, Instant now) throws IOException {
        Map<Long, Boolean> over = new HashMap<>();
        int deleted = 0;
        for (Map.Entry<String, Long> file : removed.entrySet()) {
            if (over.computeIfAbsent(file.getValue(), generation -> isOver(generation, now.minus(grace)))
                    && Files.deleteIfExists(tenantRoot.resolve(file.getKey()))) {
                deleted++;
            }
        }
        return deleted;
    }

    /** Files that were removed and are still there. */
    public int superseded() {
        return (int) removed.keySet().stream()
                .filter(path -> Files.exists(tenantRoot.resolve(path)))
                .count();
    }

    private boolean isOver(long generation, Instant limit) {
        try {
            return Files.getLastModifiedTime(manifests.resolve(LakeManifest.fileName(generation)))
                    .toInstant()
                    .isBefore(limit);
        } catch (IOException e) {
            // Not known to be over; the reader of the chain names a manifest that is missing.
            return false;
        }
    }

    /** Adds a generation that removes nothing. */
    public LakeManifest commit(List<LakeFile> added, List<RawInput> inputs, long repeats, Map<String, String> writer)
            throws IOException {
        return commit(added, List.of(), inputs, repeats, writer);
    }

    /** The added files must be synced and have their names; returns the new generation. */
    public LakeManifest commit(
            List<LakeFile> added, List<String> gone, List<RawInput> inputs, long repeats, Map<String, String> writer)
            throws IOException {
        LakeManifest next =
                new LakeManifest(tenant, before.generation() + 1, before.hash(), added, gone, inputs, repeats, writer);
        Chain chain = new Chain(before);
        String hash = next.hash();
        chain.add(next, hash);
        Path temporary = manifests.resolve("." + LakeManifest.fileName(next.generation()) + TEMPORARY);
        Path target = manifests.resolve(LakeManifest.fileName(next.generation()));
        Files.deleteIfExists(temporary);
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(next.toBytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        publish(temporary, target);
        Folders.sync(manifests);
        remember(next);
        checkpoint(chain.freeze());
        return next;
    }

    /** Where it fails nothing but speed is lost, and the next commit tries again. */
    private void checkpoint(SealedState after) {
        try {
            if (checkpoints.isDue(after.generation())) {
                checkpoints.write(new LakeCheckpoint(
                        tenant,
                        after.generation(),
                        after.hash(),
                        List.copyOf(after.files()),
                        List.copyOf(consumed.values()),
                        removed.entrySet().stream()
                                .filter(file -> Files.exists(tenantRoot.resolve(file.getKey())))
                                .map(file -> new LakeCheckpoint.Removed(file.getKey(), file.getValue()))
                                .toList()));
            }
        } catch (IOException e) {
            LOG.warnf("no checkpoint of generation %d was written: %s", after.generation(), e.getMessage());
        }
    }

    private static void publish(Path temporary, Path target) throws IOException {
        try {
            Files.createLink(target, temporary);
            Files.delete(temporary);
        } catch (FileAlreadyExistsException e) {
            throw new DamagedLakeException(target + " exists already; somebody commits without the lock", e);
        } catch (UnsupportedOperationException | java.nio.file.FileSystemException e) {
            // A file system without hard links; the lock is what keeps others away then.
            if (Files.exists(target)) {
                throw new DamagedLakeException(target + " exists already; somebody commits without the lock", e);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
