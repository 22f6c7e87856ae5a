package io.tidemark.sync;

import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.contracts.segment.SegmentPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An edge's ready folder, as an edge would leave it: segments of some hours and their manifests. */
public final class ReadyTree {
    public static final String TENANT = "default";
    public static final String EDGE = "pi-1";
    public static final Instant FIRST_HOUR = Instant.parse("2024-08-08T23:00:00Z");

    private final Path ready;
    private final Random random;
    private long ordinal;

    public ReadyTree(Path ready, long seed) throws IOException {
        this.ready = Files.createDirectories(ready);
        this.random = new Random(seed);
    }

    public Path folder() {
        return ready;
    }

    public Path file(String path) {
        return ready.resolve(path);
    }

    /** Where the copy is expected. */
    public static Path inLake(Path lake, String path) {
        return lake.resolve(TENANT).resolve("raw/edge=" + EDGE).resolve(path);
    }

    /** A segment of random bytes; returns its path. */
    public String segment(String channel, Instant hour, int bytes) throws IOException {
        String path =
                new SegmentPath(Connector.WS, channel, "binance", "BTC-USDT", hour, ordinal++, "parquet").relative();
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        write(path, content);
        return path;
    }

    public void write(String path, byte[] content) throws IOException {
        Path file = ready.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** The hour's manifest over segments that are there; returns its path. */
    public String manifest(Instant hour, List<String> segments) throws IOException {
        return manifest(EDGE, hour, segments);
    }

    public String manifest(String edge, Instant hour, List<String> segments) throws IOException {
        List<HourManifest.SegmentFile> files = new ArrayList<>();
        for (String path : segments) {
            Path file = ready.resolve(path);
            files.add(
                    new HourManifest.SegmentFile(path, sha256(file), Files.size(file), 1, "ab".repeat(32), 0, 0, 0, 0));
        }
        HourManifest manifest = new HourManifest(TENANT, edge, hour, ordinal++, true, files);
        write(manifest.path(), manifest.toBytes());
        return manifest.path();
    }

    /** Some hours of many small segments and a few large ones, each hour with its manifest. */
    public void fill(int hours, int segmentsPerHour, int largest) throws IOException {
        String[] channels = {"trades", "quotes", "book-deltas", "bars-1s", "frames"};
        for (int h = 0; h < hours; h++) {
            Instant hour = FIRST_HOUR.plus(Duration.ofHours(h));
            List<String> paths = new ArrayList<>();
            for (int i = 0; i < segmentsPerHour; i++) {
                int size = i % 10 == 0 ? 1 + random.nextInt(largest) : 1 + random.nextInt(4000);
                paths.add(segment(channels[i % channels.length], hour, size));
            }
            manifest(hour, paths);
        }
    }

    /** Every file below a folder with its SHA-256, by this class's own reading; receipts, locks and hidden files aside. */
    public static Map<String, String> contents(Path folder) {
        Map<String, String> found = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(Files::isRegularFile).forEach(file -> {
                    String path = folder.relativize(file).toString();
                    if (!path.startsWith("_receipts/") && !path.startsWith(".") && !path.contains("/.")) {
                        found.put(path, sha256(file));
                    }
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    public static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
