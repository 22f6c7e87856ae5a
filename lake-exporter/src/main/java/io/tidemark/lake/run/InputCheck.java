package io.tidemark.lake.run;

import io.tidemark.contracts.files.DamagedFileException;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.lake.source.RawFile;
import java.io.IOException;
import java.nio.file.Path;

/** Proves a raw file whole before anything is made of it. */
final class InputCheck {
    private InputCheck() {}

    /** A file that may be read, with its own hash and number of rows. */
    record Checked(RawFile input, String sha256, long rows) {}

    /**
     * @param deep also decode every row, which alone proves a file whose hash nobody wrote down
     * @throws DamagedFileException naming the file and the reason
     */
    static Checked check(RawFile input, boolean deep) throws IOException {
        Path file = input.file();
        String sha256 = FileHash.sha256(file);
        if (input.expectedSha256().isPresent() && !input.expectedSha256().get().equals(sha256)) {
            throw new DamagedFileException(
                    file,
                    "has SHA-256 " + sha256 + ", expected "
                            + input.expectedSha256().get(),
                    null);
        }
        try (EventFileReader reader = EventFileReader.open(file)) {
            if (reader.schema() != EventSchema.raw(input.segment().channel())) {
                throw new DamagedFileException(
                        file, "holds " + reader.schema().name() + ", not its channel's kind", null);
            }
            while (deep && reader.next() != null) {
                // The reader compares the hash of all rows at the end.
            }
            return new Checked(input, sha256, reader.rows());
        }
    }
}
