package io.tidemark.edge.check;

import io.tidemark.contracts.json.JsonFields;
import io.tidemark.contracts.json.SelfHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a repair could not bring back, by sequence: {@code state/losses.json}. It is told, and no fault any more. */
final class KnownLosses {
    private static final int VERSION = 1;

    private final Path file;
    private final Map<StreamName, Sequences> lost = new TreeMap<>();
    /** Logs before which records are missing that nobody can name. */
    private final Set<FolderState.LogName> breaks = new HashSet<>();

    private KnownLosses(Path file) {
        this.file = file;
    }

    /** Throws {@link IllegalArgumentException} when the file is damaged. */
    static KnownLosses load(Path dataDir) throws IOException {
        KnownLosses losses = new KnownLosses(place(dataDir));
        if (Files.exists(losses.file)) {
            JsonFields fields = SelfHash.open(Files.readAllBytes(losses.file));
            if (fields.number("version") != VERSION) {
                throw new IllegalArgumentException("version " + fields.number("version"));
            }
            for (JsonFields one : fields.objects("breaks")) {
                losses.breaks.add(new FolderState.LogName(one.text("source"), one.number("ordinal")));
            }
            for (JsonFields one : fields.objects("lost")) {
                StreamName stream = new StreamName(
                        one.text("source"), one.text("channel"), one.text("symbol"), one.number("incarnation"));
                losses.add(stream, one.number("first"), one.number("last"));
            }
        }
        return losses;
    }

    static KnownLosses none(Path dataDir) {
        return new KnownLosses(place(dataDir));
    }

    static Path place(Path dataDir) {
        return dataDir.resolve("state").resolve("losses.json");
    }

    void add(StreamName stream, long first, long last) {
        lost.computeIfAbsent(stream, key -> new Sequences()).add(first, last);
    }

    void addBreak(String source, long ordinal) {
        breaks.add(new FolderState.LogName(source, ordinal));
    }

    boolean isBreak(String source, long ordinal) {
        return breaks.contains(new FolderState.LogName(source, ordinal));
    }

    Map<StreamName, Sequences> lost() {
        return lost;
    }

    long count() {
        return lost.values().stream()
                .flatMap(set -> set.ranges().stream())
                .mapToLong(Sequences.Range::count)
                .sum();
    }

    void save() throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put(
                "breaks",
                breaks.stream()
                        .sorted(Comparator.comparing(FolderState.LogName::source)
                                .thenComparing(FolderState.LogName::ordinal))
                        .map(one -> Map.of("source", one.source(), "ordinal", one.ordinal()))
                        .toList());
        document.put(
                "lost",
                lost.entrySet().stream()
                        .flatMap(entry -> entry.getValue().ranges().stream()
                                .map(range -> Map.of(
                                        "source", entry.getKey().source(),
                                        "channel", entry.getKey().channel(),
                                        "symbol", entry.getKey().symbol(),
                                        "incarnation", entry.getKey().incarnation(),
                                        "first", range.first(),
                                        "last", range.last())))
                        .toList());
        replace(file, SelfHash.seal(document));
    }

    /** Replaces a small file so that after a crash it is the old or the new one. */
    static void replace(Path target, byte[] content) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(target + " has no folder");
        }
        Files.createDirectories(folder);
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try (FileChannel out = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
