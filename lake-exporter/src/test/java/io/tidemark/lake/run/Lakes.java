package io.tidemark.lake.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.lake.events.TimeRange;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.manifest.SealedState;
import io.tidemark.lake.parquet.LakeFileWriter;
import io.tidemark.lake.run.ExportRequest.OnDamaged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** What tests of exports share. */
public final class Lakes {
    /** Otherwise Parquet describes each value, since the framework did not configure logging here. */
    private static final Logger ROOT = Logger.getLogger("");

    static {
        ROOT.setLevel(Level.WARNING);
    }

    private Lakes() {}

    public static ExportLimits limits() {
        return limits(2, 64 << 20);
    }

    public static ExportLimits limits(int workers, long memory) {
        return new ExportLimits(
                workers,
                memory,
                Duration.ofSeconds(30),
                new LakeFileWriter.Layout(WriteOptions.LAKE, 64L << 20, 5_000));
    }

    public static ExportRequest request(String... edges) {
        return new ExportRequest(List.of(edges), true, TimeRange.ALL, OnDamaged.REFUSE, false);
    }

    public static ExportReport export(Path lakeRoot, String... edges) throws IOException {
        return new ExportRun(lakeRoot, RawFolder.TENANT, limits(), ExportProgress.SILENT).run(request(edges));
    }

    public static SealedState state(Path lakeRoot) throws IOException {
        return new SealedLake(LakePath.tenantRoot(lakeRoot, RawFolder.TENANT)).current();
    }

    public static List<Envelope> read(Path lakeRoot, LakeFile file) throws IOException {
        List<Envelope> events = new ArrayList<>();
        Path path = LakePath.tenantRoot(lakeRoot, RawFolder.TENANT).resolve(file.path());
        try (EventFileReader reader = EventFileReader.open(path)) {
            for (Envelope event = reader.next(); event != null; event = reader.next()) {
                events.add(event);
            }
        }
        return events;
    }

    /** The lake holds exactly these events, each once, in its own hour, in order. */
    public static void assertHolds(Path lakeRoot, Collection<Envelope> expected) throws IOException {
        Map<Identity, Envelope> byName = new TreeMap<>();
        expected.forEach(event -> byName.put(Identity.of(event), event));
        TreeSet<Identity> missing = new TreeSet<>(byName.keySet());
        for (LakeFile file : state(lakeRoot).files()) {
            long before = Long.MIN_VALUE;
            Identity nameBefore = null;
            for (Envelope event : read(lakeRoot, file)) {
                Identity name = Identity.of(event);
                assertEquals(true, missing.remove(name), "once: " + name);
                long time = Events.eventTime(event);
                assertEquals(file.hour(), SegmentPath.hourOf(time));
                boolean inOrder =
                        time > before || (time == before && nameBefore != null && name.compareTo(nameBefore) > 0);
                assertEquals(true, inOrder, "in order: " + name);
                before = time;
                nameBefore = name;
            }
        }
        assertEquals(List.of(), List.copyOf(missing), "missing");
    }

    /** Every file below a folder with its bytes' hash; the lock aside. */
    public static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (!file.getFileName().toString().equals(".lock")) {
                    contents.put(folder.relativize(file).toString(), FileHash.sha256(file));
                }
            }
        }
        return contents;
    }

    public static Path tenant(Path lakeRoot) {
        return LakePath.tenantRoot(lakeRoot, RawFolder.TENANT);
    }

    public static Path events(Path lakeRoot) {
        return tenant(lakeRoot).resolve("events");
    }
}
