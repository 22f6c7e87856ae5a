package io.tidemark.lake.manifest;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

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

    private static final Pattern EVENT_FILE = Pattern.compile("-?\\d{18,19}_.+\\.parquet");

    private final Path tenantRoot;
    private final Path manifests;
    private final String tenant;
    private final SealedState before;
    private final Map<String, RawInput> consumed = new HashMap<>();
    private final Set<String> everAdded = new HashSet<>();

    /** Reads all generations. */
    public ManifestSeal(Path tenantRoot, String tenant) throws IOException {
        this.tenantRoot = tenantRoot;
        this.tenant = tenant;
        this.manifests = tenantRoot.resolve(LakePath.EVENT_MANIFESTS);
        this.before = new SealedLake(tenantRoot).refresh(generation -> {
            generation.inputs().stream()
                    .filter(RawInput::complete)
                    .forEach(input -> consumed.put(key(input.edge(), input.path()), input));
            generation.added().forEach(file -> everAdded.add(file.path()));
        });
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
        RawInput known = consumed.get(key(edge, path));
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
                boolean unknown = EVENT_FILE.matcher(name).matches()
                        && !everAdded.contains(root.relativize(file).toString().replace('\\', '/'));
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

    /** The files must be synced and have their names; returns the new generation. */
    public LakeManifest commit(List<LakeFile> added, List<RawInput> inputs, long repeats, Map<String, String> writer)
            throws IOException {
        LakeManifest next = new LakeManifest(
                tenant, before.generation() + 1, before.hash(), added, List.of(), inputs, repeats, writer);
        before.then(next);
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
        }
        publish(temporary, target);
        Folders.sync(manifests);
        return next;
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
