package io.tidemark.edge.log;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The calls by which a log reaches the disk; tests give one that fails.
 *
 * <p>A {@link RandomAccessFile} rather than a channel: a channel is closed by an interrupt of its thread, and keeps
 * a direct buffer as large as the largest write for each thread.
 */
interface LogDevice {
    /** An open log; used under the log's lock, but for {@link #sync}. */
    interface Output extends Closeable {
        void write(byte[] bytes, int offset, int length) throws IOException;

        /** fsync; may run while {@link #write} does. */
        void sync() throws IOException;

        void truncate(long length) throws IOException;

        @Override
        void close() throws IOException;
    }

    LogDevice DISK = DiskOutput::new;

    Output create(Path path) throws IOException;

    /** fsync of a folder: what was created, renamed or deleted in it stays so. */
    static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Replaces a small file so that after a crash it is the old or the new one. */
    static void replace(Path file, byte[] content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path folder = file.getParent();
        if (folder != null) {
            syncFolder(folder);
        }
    }

    /** A file of the operating system. */
    final class DiskOutput implements Output {
        private final RandomAccessFile file;

        private DiskOutput(Path path) throws IOException {
            file = new RandomAccessFile(path.toFile(), "rw");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            file.write(bytes, offset, length);
        }

        @Override
        public void sync() throws IOException {
            file.getFD().sync();
        }

        @Override
        public void truncate(long length) throws IOException {
            file.setLength(length);
            file.seek(length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
