package io.tidemark.lake.flight;

import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.manifest.SealedState;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;

/** The sealed files of one tenant's lake, as its manifests name them. */
@Singleton
final class LakeFiles implements SealedFiles {
    private final SealedLake lake;

    LakeFiles(SealedLake lake) {
        this.lake = lake;
    }

    @Override
    public long generation() throws IOException {
        return lake.current().generation();
    }

    @Override
    public State current() throws IOException {
        SealedState state = lake.current();
        return new State(
                state.generation(),
                state.files().stream()
                        .map(file -> lake.locate(file).toAbsolutePath().normalize())
                        .toList());
    }

    @Override
    public void writeEmptyFile(Path file) throws IOException {
        try (EventFileWriter writer = EventFileWriter.open(file, EventSchema.LAKE, WriteOptions.LAKE)) {
            writer.finish();
        }
    }
}
