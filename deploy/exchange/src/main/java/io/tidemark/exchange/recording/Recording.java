package io.tidemark.exchange.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Something recorded that can be read as often as one likes, each time the same. */
public interface Recording {
    /** What it is called in messages. */
    Path file();

    LineSource open() throws IOException;

    /** Bytes on disk; with the name, what tells two recordings apart. */
    long size() throws IOException;

    /**
     * Whether frames that nobody can read are emitted all the same: they are what the venue sent. A
     * capture with such a line is taken for damaged instead.
     */
    boolean forgives();

    /** One capture. */
    static Recording of(Path file) {
        return new Recording() {
            @Override
            public Path file() {
                return file;
            }

            @Override
            public LineSource open() throws IOException {
                return CaptureReader.open(file);
            }

            @Override
            public long size() throws IOException {
                return Files.size(file);
            }

            @Override
            public boolean forgives() {
                return false;
            }
        };
    }
}
