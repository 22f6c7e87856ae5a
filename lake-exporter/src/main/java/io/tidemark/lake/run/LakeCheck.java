package io.tidemark.lake.run;

import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.manifest.SealedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Proves the sealed lake: the chain of its manifests, and each file against them. */
public final class LakeCheck {
    private LakeCheck() {}

    /** What was looked at and what was wrong. */
    public record Result(long generation, int files, long rows, List<String> problems) {}

    /** @param deep also decode every row and compare the rows' own hash */
    public static Result check(Path lakeRoot, String tenant, boolean deep, ExportProgress progress) throws IOException {
        Path root = LakePath.tenantRoot(lakeRoot, tenant);
        SealedLake lake = new SealedLake(root);
        // The whole chain from its first generation, whatever a checkpoint says.
        SealedState state = lake.replay(generation -> {});
        progress.begin("verifying", state.byPath().size());
        List<String> problems = new ArrayList<>(lake.checkpointProblems());
        for (LakeFile file : state.files()) {
            try {
                check(root.resolve(file.path()), file, deep, problems);
            } catch (NoSuchFileException e) {
                problems.add(file.path() + ": is missing");
            } catch (IOException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
            progress.advance(1);
        }
        return new Result(state.generation(), state.byPath().size(), state.rows(), problems);
    }

    private static void check(Path path, LakeFile file, boolean deep, List<String> problems) throws IOException {
        if (Files.size(path) != file.bytes()) {
            problems.add(file.path() + ": has " + Files.size(path) + " bytes, sealed with " + file.bytes());
            return;
        }
        String sha256 = FileHash.sha256(path);
        if (!sha256.equals(file.sha256())) {
            problems.add(file.path() + ": has SHA-256 " + sha256 + ", sealed with " + file.sha256());
            return;
        }
        try (EventFileReader reader = EventFileReader.open(path)) {
            if (reader.rows() != file.rows() || !reader.rowHash().equals(file.rowHash())) {
                problems.add(file.path() + ": its rows are not those that were sealed");
            }
            while (deep && reader.next() != null) {
                // The reader compares the hash of all rows at the end.
            }
        }
    }
}
