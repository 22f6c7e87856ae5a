package io.tidemark.lake.run;

import io.tidemark.lake.manifest.DamagedLakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The sealed runs of one tenant. A folder without a manifest is none. */
public final class SealedRuns {
    /** Relative to the tenant's root. */
    public static final String FOLDER = "runs";

    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

    private final Path folder;

    public SealedRuns(Path tenantRoot) {
        this.folder = tenantRoot.resolve(FOLDER);
    }

    public Path folder(String runId) {
        return folder.resolve(runId);
    }

    /** In the order of their ids. */
    public List<String> ids() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Files.exists(file.resolve(RunManifest.NAME)))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> ID.matcher(name).matches())
                    .sorted()
                    .toList();
        }
    }

    /** Throws {@link DamagedLakeException} naming a manifest that is not what was sealed. */
    public Optional<RunManifest> find(String runId) throws IOException {
        if (!ID.matcher(runId).matches()) {
            return Optional.empty();
        }
        Path file = folder(runId).resolve(RunManifest.NAME);
        try {
            RunManifest manifest = RunManifest.parse(Files.readAllBytes(file));
            if (!manifest.runId().equals(runId)) {
                throw new IllegalArgumentException("it is of run " + manifest.runId());
            }
            return Optional.of(manifest);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new DamagedLakeException(file + ": " + e.getMessage(), e);
        }
    }

    /** The same for a run that must be there. */
    public RunManifest get(String runId) throws IOException {
        return find(runId)
                .orElseThrow(() -> new NoSuchFileException(folder(runId) + ": there is no run \"" + runId + "\""));
    }
}
