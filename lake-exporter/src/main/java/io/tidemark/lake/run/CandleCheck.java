package io.tidemark.lake.run;

import io.tidemark.contracts.files.read.CandleFileReader;
import io.tidemark.contracts.files.read.CandleGroup;
import io.tidemark.contracts.files.schema.CandleHash;
import io.tidemark.lake.corpus.SealedCorpus;
import io.tidemark.lake.parquet.CandlePart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Proves sealed runs and corpora: their manifests, and each file against them. */
public final class CandleCheck {
    private CandleCheck() {}

    /** What was looked at and what was wrong. */
    public record Result(int runs, int corpora, int files, long rows, List<String> problems) {}

    /** @param deep also decode every row and compare the rows' own hash */
    public static Result check(Path tenantRoot, boolean deep, ExportProgress progress) throws IOException {
        List<String> problems = new ArrayList<>();
        SealedRuns runs = new SealedRuns(tenantRoot);
        List<String> ids = runs.ids();
        List<String> names = SealedCorpus.names(tenantRoot);
        progress.begin("verifying runs and corpora", ids.size() + names.size());
        int files = 0;
        long rows = 0;
        for (String id : ids) {
            try {
                RunManifest run = runs.get(id);
                for (RunManifest.OtherFile file : run.files()) {
                    check(runs.folder(id).resolve(file.path()), file.bytes(), file.sha256(), problems);
                }
                check(runs.folder(id), run.parts(), deep, problems);
                files += run.parts().size() + run.files().size();
                rows += run.rows();
            } catch (IOException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
            progress.advance(1);
        }
        for (String name : names) {
            try {
                SealedCorpus corpus = SealedCorpus.read(tenantRoot, name);
                check(corpus.folder(), corpus.parts(), deep, problems);
                files += corpus.parts().size();
                rows += corpus.parts().stream().mapToLong(CandlePart::rows).sum();
            } catch (IOException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
            progress.advance(1);
        }
        return new Result(ids.size(), names.size(), files, rows, List.copyOf(problems));
    }

    private static void check(Path folder, List<CandlePart> parts, boolean deep, List<String> problems) {
        for (CandlePart part : parts) {
            Path file = folder.resolve(part.path());
            if (!check(file, part.bytes(), part.sha256(), problems)) {
                continue;
            }
            try (CandleFileReader reader = CandleFileReader.open(file)) {
                if (reader.rows() != part.rows() || !reader.rowHash().equals(part.rowHash())) {
                    problems.add(file + ": its rows are not those that were sealed");
                } else if (deep && !hash(reader).equals(part.rowHash())) {
                    problems.add(file + ": its rows do not have the hash that was sealed");
                }
            } catch (IOException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private static String hash(CandleFileReader reader) throws IOException {
        CandleHash hash = new CandleHash();
        for (int number = 0; number < reader.groups(); number++) {
            CandleGroup group = reader.read(number);
            for (CandleGroup.Run run : group.runs()) {
                hash.add(run.series(), group.candles(), run.from(), run.to());
            }
        }
        return hash.hex();
    }

    private static boolean check(Path file, long bytes, String sha256, List<String> problems) {
        try {
            if (Files.size(file) != bytes) {
                problems.add(file + ": has " + Files.size(file) + " bytes, sealed with " + bytes);
                return false;
            }
            String actual = FileHash.sha256(file);
            if (!actual.equals(sha256)) {
                problems.add(file + ": has SHA-256 " + actual + ", sealed with " + sha256);
                return false;
            }
            return true;
        } catch (NoSuchFileException e) {
            problems.add(file + ": is missing");
        } catch (IOException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        return false;
    }
}
