package io.tidemark.lake.manifest;

import io.tidemark.contracts.lake.LakeCheckpoint;
import io.tidemark.contracts.lake.LakeManifest;
import io.tidemark.contracts.lake.LakePath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads the sealed state of one tenant's event lake, and keeps up with it.
 *
 * <p>Sees whole generations only: what a running or killed export left behind is in no manifest and therefore
 * invisible. Begins at a checkpoint where there is one. {@link #current} costs one look for the next generation's file where nothing is new, so it may be
 * called before each query. Safe for use by several threads; needs no lock against writers.
 */
public final class SealedLake {
    private final Path tenantRoot;
    private final Path manifests;
    private volatile SealedState state = SealedState.EMPTY;
    private boolean opened;

    /** @param tenantRoot need not exist yet */
    public SealedLake(Path tenantRoot) {
        this.tenantRoot = tenantRoot;
        this.manifests = tenantRoot.resolve(LakePath.EVENT_MANIFESTS);
    }

    public Path tenantRoot() {
        return tenantRoot;
    }

    /** Where a sealed file lies. */
    public Path locate(io.tidemark.contracts.lake.LakeFile file) {
        return tenantRoot.resolve(file.path());
    }

    /** Whether {@link #current} would find a generation that the last call did not. */
    public boolean isStale() {
        return Files.exists(manifest(state.generation() + 1));
    }

    /** The last state found, without looking for another. */
    public SealedState last() {
        return state;
    }

    /**
     * The last sealed state. Throws {@link DamagedLakeException} naming the manifest that is missing, changed or
     * out of its chain.
     */
    public SealedState current() throws IOException {
        if (isOpened() && !isStale()) {
            return state;
        }
        return refresh();
    }

    private synchronized boolean isOpened() {
        return opened;
    }

    /**
     * The last sealed state, from every generation since the first; shows each one. Proves the whole chain, and
     * leaves checkpoints aside.
     */
    public SealedState replay(Consumer<LakeManifest> seen) throws IOException {
        return read(new Chain(SealedState.EMPTY), true, seen);
    }

    /** What is wrong with the checkpoints, each a sentence; nothing but speed depends on them. */
    public List<String> checkpointProblems() throws IOException {
        CheckpointFiles checkpoints = new CheckpointFiles(tenantRoot);
        Map<Long, LakeCheckpoint> sound = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        for (Path file : checkpoints.all()) {
            try {
                LakeCheckpoint checkpoint = checkpoints.read(file, true);
                sound.put(checkpoint.generation(), checkpoint);
            } catch (IllegalArgumentException | IOException e) {
                problems.add(file + ": " + e.getMessage() + "; delete it, it is made again");
            }
        }
        Chain chain = new Chain(SealedState.EMPTY);
        for (Map.Entry<Long, LakeCheckpoint> entry : sound.entrySet()) {
            while (chain.generation() < entry.getKey()) {
                LakeManifest.Proved next = LakeManifest.open(Files.readAllBytes(manifest(chain.generation() + 1)));
                chain.add(next.manifest(), next.hash());
            }
            if (!chain.files().equals(entry.getValue().files())) {
                problems.add(LakePath.EVENT_CHECKPOINTS + "/" + LakeCheckpoint.fileName(entry.getKey())
                        + ": says otherwise than the manifests; delete it, it is made again");
            }
        }
        return problems;
    }

    private synchronized SealedState refresh() throws IOException {
        Chain chain = new Chain(state);
        if (!opened) {
            chain = new CheckpointFiles(tenantRoot).newest(false).map(Chain::of).orElse(chain);
        }
        state = read(chain, !opened, manifest -> {});
        opened = true;
        return state;
    }

    /** The state for a writer, from a checkpoint where it begins, with what came after it shown. */
    SealedState read(Chain from, boolean look, Consumer<LakeManifest> seen) throws IOException {
        while (true) {
            Path file = manifest(from.generation() + 1);
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(file);
            } catch (NoSuchFileException e) {
                break;
            }
            LakeManifest.Proved next;
            try {
                next = LakeManifest.open(bytes);
                from.add(next.manifest(), next.hash());
            } catch (IllegalArgumentException e) {
                throw new DamagedLakeException(file + ": " + e.getMessage(), e);
            }
            seen.accept(next.manifest());
        }
        if (look) {
            checkForHoles(from.generation());
        }
        return from.freeze();
    }

    /** Names what is missing between the generations that are there, and at their end as far as a checkpoint tells. */
    private void checkForHoles(long last) throws IOException {
        if (!Files.isDirectory(manifests)) {
            return;
        }
        BitSet there = new BitSet();
        long highest = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(manifests)) {
            for (Path file : files) {
                long generation = LakeManifest.generationOf(file.getFileName().toString());
                if (generation > 0 && generation < Integer.MAX_VALUE) {
                    there.set((int) generation);
                    highest = Math.max(highest, generation);
                }
            }
        }
        for (Path checkpoint : new CheckpointFiles(tenantRoot).all()) {
            highest = Math.max(highest, CheckpointFiles.generation(checkpoint));
        }
        long missing = there.nextClearBit(1);
        // One more may have been committed since we looked; any other leaves a hole.
        if (missing < Math.max(highest, last) + 1 && !Files.exists(manifest(missing))) {
            throw new DamagedLakeException(
                    manifest(missing) + " is missing, but generation " + Math.max(highest, last) + " was there", null);
        }
    }

    private Path manifest(long generation) {
        return manifests.resolve(LakeManifest.fileName(generation));
    }
}
