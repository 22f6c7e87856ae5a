package io.tidemark.lake.manifest;

import io.tidemark.contracts.lake.LakeManifest;
import io.tidemark.contracts.lake.LakePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads the sealed state of one tenant's event lake, and keeps up with it.
 *
 * <p>Sees whole generations only: what a running or killed export left behind is in no manifest and therefore
 * invisible. {@link #current} costs one look for the next generation's file where nothing is new, so it may be
 * called before each query. Safe for use by several threads; needs no lock against writers.
 */
public final class SealedLake {
    private final Path tenantRoot;
    private final Path manifests;
    private volatile SealedState state = SealedState.EMPTY;
    private boolean checkedForHoles;

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
        if (checkedForHolesOnce() && !isStale()) {
            return state;
        }
        return refresh(manifest -> {});
    }

    private synchronized boolean checkedForHolesOnce() {
        return checkedForHoles;
    }

    /** Like {@link #current}, and shows each generation that was not known before. */
    synchronized SealedState refresh(Consumer<LakeManifest> seen) throws IOException {
        SealedState at = state;
        while (true) {
            Path file = manifest(at.generation() + 1);
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(file);
            } catch (NoSuchFileException e) {
                break;
            }
            LakeManifest next;
            try {
                next = LakeManifest.parse(bytes);
                at = at.then(next);
            } catch (IllegalArgumentException e) {
                throw new DamagedLakeException(file + ": " + e.getMessage(), e);
            }
            seen.accept(next);
        }
        if (!checkedForHoles) {
            checkForHoles(at.generation());
            checkedForHoles = true;
        }
        state = at;
        return at;
    }

    private void checkForHoles(long last) throws IOException {
        if (!Files.isDirectory(manifests)) {
            return;
        }
        try (Stream<Path> files = Files.list(manifests)) {
            List<Long> later = files.map(
                            file -> LakeManifest.generationOf(file.getFileName().toString()))
                    .filter(generation -> generation > last)
                    .sorted()
                    .toList();
            // One more may have been committed since we looked; any other leaves a hole.
            if (!later.isEmpty() && !Files.exists(manifest(last + 1))) {
                throw new DamagedLakeException(
                        manifest(last + 1) + " is missing, but generation " + later.get(later.size() - 1) + " is there",
                        null);
            }
        }
    }

    private Path manifest(long generation) {
        return manifests.resolve(LakeManifest.fileName(generation));
    }
}
