package io.tidemark.edge.log;

import java.nio.file.Path;
import java.time.Instant;

/** One log on disk and how far it may be read. Safe for all threads. */
public final class StoredLog {
    private final Path path;
    private final LogHeader header;
    private volatile long length;
    private volatile boolean sealed;
    private volatile boolean converted;

    StoredLog(Path path, LogHeader header, long length) {
        this.path = path;
        this.header = header;
        this.length = length;
    }

    public Path path() {
        return path;
    }

    public LogHeader header() {
        return header;
    }

    public long ordinal() {
        return header.ordinal();
    }

    public String source() {
        return header.source();
    }

    public Instant hour() {
        return header.hour();
    }

    /** Bytes for which {@code write()} has returned. */
    public long length() {
        return length;
    }

    /** Never written again. */
    public boolean isSealed() {
        return sealed;
    }

    /** Its segments are in {@code ready/} and were verified. */
    public boolean isConverted() {
        return converted;
    }

    void grow(long to) {
        length = to;
    }

    void seal() {
        sealed = true;
    }

    void convert() {
        converted = true;
    }

    @Override
    public String toString() {
        return header.source() + "/" + path.getFileName();
    }
}
