package io.tidemark.edge.poll;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Lines that each say after how many records of the source's log they hold.
 *
 * <p>At a start only the lines are kept whose records survived ({@link #forgetBeyond}): so it does not matter whether
 * the line or the records reached the disk first. A torn or foreign line is passed over. Used by one thread.
 */
public final class MemoryFile {
    /** A line's number of records and its text. */
    public record Line(long records, String text) {}

    private static final char SEPARATOR = ' ';

    private final Path file;

    public MemoryFile(Path file) {
        this.file = file;
    }

    /** The whole lines; after {@link #forgetBeyond}, all of them hold. */
    public List<Line> read() throws IOException {
        List<Line> lines = new ArrayList<>();
        if (!Files.exists(file)) {
            return lines;
        }
        // Not as UTF-8, which would refuse a torn line and with it the whole file.
        for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            int first = line.indexOf(SEPARATOR);
            int second = line.indexOf(SEPARATOR, first + 1);
            if (first <= 0 || second < 0 || !line.substring(0, first).equals(checksum(line.substring(first + 1)))) {
                continue;
            }
            lines.add(new Line(Long.parseLong(line.substring(first + 1, second)), line.substring(second + 1)));
        }
        return lines;
    }

    /** Takes out the lines whose records did not survive; before the source records anything again. */
    public void forgetBeyond(long survived) throws IOException {
        List<Line> all = read();
        List<Line> holding =
                all.stream().filter(line -> line.records() <= survived).toList();
        if (holding.size() != all.size()) {
            replace(holding);
        }
    }

    /** Adds a line of ASCII and syncs it. */
    public void append(Line line) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        boolean created = !Files.exists(file);
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            write(out, "\n" + encoded(line) + "\n");
        }
        if (created && folder != null) {
            syncFolder(folder);
        }
    }

    /** In place of all that stands there; after a crash the old lines or the new ones are there. */
    public void replace(List<Line> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(encoded(line)).append('\n'));
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " has no folder");
        }
        Files.createDirectories(folder);
        Path part = folder.resolve(file.getFileName() + ".part");
        try (FileChannel out = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(out, text.toString());
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(folder);
    }

    private static String encoded(Line line) {
        String rest = line.records() + String.valueOf(SEPARATOR) + line.text();
        return checksum(rest) + SEPARATOR + rest;
    }

    private static void write(FileChannel out, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
        out.force(true);
    }

    private static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return String.format("%08x", crc.getValue());
    }
}
