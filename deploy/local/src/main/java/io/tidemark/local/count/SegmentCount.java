package io.tidemark.local.count;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.segment.SegmentPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Counts rows and identities in a tree of segments, {@code ready/} of an edge or its image in the lake, with
 * DuckDB. What is neither a segment nor a manifest or receipt is not looked at.
 */
public final class SegmentCount {
    static final String IDENTITY = "(edge, incarnation, source, channel, symbol, sequence)";

    private static final String ENDING = ".parquet";

    private final Path root;
    private final SortedMap<String, List<Path>> files = new TreeMap<>();
    private final SortedMap<String, Long> rows = new TreeMap<>();
    private long repeated;

    private SegmentCount(Path root) {
        this.root = root;
    }

    public static SegmentCount of(Path root) {
        SegmentCount count = new SegmentCount(root);
        count.find();
        try (Duck duck = new Duck()) {
            count.files.forEach((channel, list) -> {
                long[] numbers = duck.numbers(
                        "SELECT count(*), count(DISTINCT " + IDENTITY + ") FROM " + Duck.files(list)
                                + " WHERE channel = '" + channel + "'",
                        2);
                count.rows.put(channel, numbers[0]);
                count.repeated += numbers[0] - numbers[1];
            });
        }
        return count;
    }

    public SortedMap<String, Long> rows() {
        return rows;
    }

    /** Rows beyond one per identity. */
    public long repeated() {
        return repeated;
    }

    /** Rows that are frames of a WebSocket; a REST answer is a frame too. */
    public long socketFrames() {
        List<Path> frames = filesOf(Channel.FRAMES);
        if (frames.isEmpty()) {
            return 0;
        }
        try (Duck duck = new Duck()) {
            return duck.numbers("SELECT count(*) FROM " + Duck.files(frames) + " WHERE connector = 'ws'", 1)[0];
        }
    }

    /** How many segments there are. */
    public long segments() {
        return files.values().stream().mapToLong(List::size).sum();
    }

    /** How many segments have a receipt beside them. */
    public long withReceipt() {
        return files.values().stream()
                .flatMap(List::stream)
                .filter(file -> Files.exists(root.resolve(SegmentPath.receipt(relative(file)))))
                .count();
    }

    /** The files of all channels of a kind. */
    List<Path> filesOf(Channel kind) {
        List<Path> all = new ArrayList<>();
        files.forEach((channel, list) -> {
            if (Channel.of(channel) == kind) {
                all.addAll(list);
            }
        });
        return all;
    }

    private void find() {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(root)) {
            walk.filter(file -> file.toString().endsWith(ENDING))
                    .filter(file ->
                            !relative(file).startsWith("_") && !relative(file).contains("/."))
                    .forEach(file -> files.computeIfAbsent(
                                    SegmentPath.parse(relative(file)).channel(), key -> new ArrayList<>())
                            .add(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + root, e);
        }
    }

    private String relative(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }
}
