package io.tidemark.lake.flight;

import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.lake.live.LiveView;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.manifest.SealedState;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sealed files of one tenant's lake, as its manifests name them. */
@Singleton
final class LakeFiles implements SealedFiles {
    private final SealedLake lake;
    private final LiveView tail;

    LakeFiles(SealedLake lake, LiveView tail) {
        this.lake = lake;
        this.tail = tail;
    }

    @Override
    public long generation() throws IOException {
        return lake.current().generation();
    }

    @Override
    public long liveVersion() {
        return tail.snapshot().version();
    }

    @Override
    public State current() throws IOException {
        // In this order: what the tail no longer has is sealed in a state that is read after it.
        LiveView.Snapshot live = tail.snapshot();
        SealedState state = lake.current();
        Map<Path, Extent> extents = new HashMap<>();
        List<Path> sealed = located(state.files(), extents);
        return new State(state.generation(), sealed, live.version(), located(live.files(state), extents), extents);
    }

    private List<Path> located(Collection<LakeFile> files, Map<Path, Extent> extents) {
        List<Path> paths = new ArrayList<>();
        for (LakeFile file : files) {
            Path path = lake.locate(file).toAbsolutePath().normalize();
            paths.add(path);
            extents.put(path, new Extent(file.minEventTime(), file.maxEventTime(), file.source(), file.symbol()));
        }
        return paths;
    }

    @Override
    public void writeEmptyFile(Path file) throws IOException {
        try (EventFileWriter writer = EventFileWriter.open(file, EventSchema.LAKE, WriteOptions.LAKE)) {
            writer.finish();
        }
    }
}
