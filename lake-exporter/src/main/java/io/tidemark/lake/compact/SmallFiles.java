package io.tidemark.lake.compact;

import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.lake.manifest.SealedState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The small files of one source, symbol and event hour, sorted by path. */
record SmallFiles(List<LakeFile> files) {
    SmallFiles {
        files = List.copyOf(files);
    }

    /** What a request finds in a state; in the order of paths. */
    static List<SmallFiles> find(SealedState state, CompactRequest request) {
        TreeMap<String, List<LakeFile>> hours = new TreeMap<>();
        for (LakeFile file : state.files(request.which())) {
            if (file.bytes() < request.smallBytes()) {
                String folder = file.path().substring(0, file.path().lastIndexOf('/'));
                hours.computeIfAbsent(folder, name -> new ArrayList<>()).add(file);
            }
        }
        return hours.values().stream()
                .filter(files -> files.size() >= request.minFiles())
                .map(SmallFiles::new)
                .toList();
    }

    String source() {
        return files.get(0).source();
    }

    String symbol() {
        return files.get(0).symbol();
    }

    long rows() {
        return files.stream().mapToLong(LakeFile::rows).sum();
    }

    long bytes() {
        return files.stream().mapToLong(LakeFile::bytes).sum();
    }
}
