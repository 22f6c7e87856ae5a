package io.tidemark.sync.target;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A place that keeps one edge's segments and their receipts.
 *
 * <p>Paths are relative to the edge's {@code ready/}, with forward slashes. A file at a target is never
 * replaced and never visible in part. Reading needs no {@link #begin}; writing does. Several threads may use
 * one target at a time, each for files of its own. Failures are {@link SyncFailure}s that name the place.
 */
public interface Target {
    /** What a receipt calls this place; another place has another name. */
    String name();

    /**
     * Takes the target for one pass, alone, and clears what an interrupted one left. Waits at most as long as
     * given for another to end.
     */
    Closeable begin(Duration patience, BooleanSupplier stopped) throws IOException;

    /** How large the file is that the target holds at a path, if it holds one. */
    OptionalLong size(String path) throws IOException;

    /** Reads the whole file again. */
    String sha256(String path, BooleanSupplier stopped) throws IOException;

    /** Starts a file that stays invisible until {@link Upload#publish}. */
    Upload upload(String path) throws IOException;

    byte @Nullable [] receipt(String path) throws IOException;

    /** Durable when it returns; replaces an earlier receipt. */
    void putReceipt(String path, byte[] receipt) throws IOException;

    /** Calls for each file that has a receipt, in the order of the paths. */
    void eachReceipt(PathVisitor visitor) throws IOException;

    /** Calls for each file, hidden ones aside, in the order of the paths. */
    void eachFile(PathVisitor visitor) throws IOException;

    /** Takes one path after the other. */
    interface PathVisitor {
        void visit(String path) throws IOException;
    }

    /** One file on its way. Used by one thread. Closed without being published, it leaves nothing. */
    interface Upload extends AutoCloseable {
        void write(byte[] bytes, int length) throws IOException;

        /**
         * Proves that what arrived has this hash, makes it durable and then visible. Where the path is taken by
         * other bytes, or other bytes arrived, nothing becomes visible and a {@link SyncFailure} says which.
         */
        void publish(String sha256, BooleanSupplier stopped) throws IOException;

        @Override
        void close();
    }
}
