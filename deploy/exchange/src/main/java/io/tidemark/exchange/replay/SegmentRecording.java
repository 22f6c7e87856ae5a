package io.tidemark.exchange.replay;

import io.tidemark.exchange.recording.LineSource;
import io.tidemark.exchange.recording.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an edge recorded of one source: the segments of channel {@code frames} below its {@code
 * raw/ready} or below a lake's {@code raw/edge=...}, those of the socket and those of REST answers, as
 * one recording in the order of receipt.
 */
public final class SegmentRecording implements Recording {
    private static final List<String> CONNECTORS = List.of("ws", "rest");

    private final Path folder;
    private final List<List<Path>> streams;
    private final long from;
    private final long to;

    private SegmentRecording(Path folder, List<List<Path>> streams, long from, long to) {
        this.folder = folder;
        this.streams = streams;
        this.from = from;
        this.to = to;
    }

    /**
     * @param folder of one edge, or one that holds the folders of several edges
     * @param edge which of several edges; null if there is one
     * @param from first receipt time, null for all
     * @param to receipt time after the last, null for all
     */
    public static SegmentRecording in(
            Path folder, String source, @Nullable String edge, @Nullable Instant from, @Nullable Instant to)
            throws IOException {
        Path root = edgeFolder(folder, source, edge);
        List<List<Path>> streams = new ArrayList<>();
        for (String connector : CONNECTORS) {
            Path exchange = root.resolve(connector).resolve("frames").resolve("exchange=" + source);
            if (!Files.isDirectory(exchange)) {
                continue;
            }
            TreeMap<String, List<Path>> bySymbol = new TreeMap<>();
            try (Stream<Path> files = Files.walk(exchange)) {
                files.filter(SegmentRecording::isSegment)
                        .sorted(Comparator.comparing(Path::toString))
                        .forEach(file -> bySymbol.computeIfAbsent(
                                        exchange.relativize(file).getName(0).toString(), s -> new ArrayList<>())
                                .add(file));
            }
            streams.addAll(bySymbol.values());
        }
        if (streams.isEmpty()) {
            throw new IOException("there are no frames of " + source + " below " + root);
        }
        return new SegmentRecording(
                folder, List.copyOf(streams), nanos(from, Long.MIN_VALUE), nanos(to, Long.MAX_VALUE));
    }

    private static long nanos(@Nullable Instant time, long otherwise) {
        return time == null ? otherwise : time.getEpochSecond() * 1_000_000_000 + time.getNano();
    }

    private static boolean isSegment(Path file) {
        String name = String.valueOf(file.getFileName());
        return (name.endsWith(".parquet") || name.endsWith(".ndjson.zst")) && Files.isRegularFile(file);
    }

    private static Path edgeFolder(Path folder, String source, @Nullable String edge) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no folder " + folder);
        }
        TreeSet<Path> found = new TreeSet<>();
        for (Path root : List.of(folder, folder.resolve("ready"), folder.resolve("raw/ready"), folder.resolve("raw"))) {
            if (holds(root, source)) {
                found.add(root);
            }
            if (Files.isDirectory(root)) {
                try (Stream<Path> inside = Files.list(root)) {
                    inside.filter(path -> String.valueOf(path.getFileName()).startsWith("edge="))
                            .filter(path -> edge == null || path.endsWith("edge=" + edge))
                            .filter(path -> holds(path, source))
                            .forEach(found::add);
                }
            }
        }
        if (found.isEmpty()) {
            throw new IOException("there are no frames of " + source + " below " + folder
                    + (edge == null ? "" : " of the edge " + edge));
        }
        if (found.size() > 1) {
            throw new IOException("several edges recorded " + source + "; name one with --edge: " + found);
        }
        return found.first();
    }

    private static boolean holds(Path root, String source) {
        return Files.isDirectory(root.resolve("ws").resolve("frames").resolve("exchange=" + source));
    }

    @Override
    public Path file() {
        return folder;
    }

    @Override
    public LineSource open() throws IOException {
        return new SegmentLines(folder, streams, from, to);
    }

    @Override
    public long size() throws IOException {
        long size = 0;
        for (List<Path> files : streams) {
            for (Path file : files) {
                size += Files.size(file);
            }
        }
        return size;
    }

    @Override
    public boolean forgives() {
        return true;
    }
}
