package io.tidemark.edge.segment;

import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.contracts.segment.HourManifest.SegmentFile;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.log.StoredLog;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Says of a receive hour that it is complete, when it is over and every log of it was converted.
 *
 * <p>Each converted log has a note beside it, a manifest of its own that is not complete; a note outlives its log
 * until the hour's manifest is written. Should a log of an hour come later still (a clock that was set back), a
 * second manifest names all files again.
 */
final class HourManifests {
    private static final Logger LOG = Logger.getLogger(HourManifests.class);
    /** More than the logs wait before they are sealed after the hour. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final String NOTE = ".segments.json";

    private record Note(Path file, HourManifest content) {}

    private final LogStore store;
    private final ReadyFolder ready;

    HourManifests(LogStore store, ReadyFolder ready) {
        this.store = store;
        this.ready = ready;
    }

    /** Durable before the log is called converted. */
    void note(StoredLog log, List<SegmentFile> files) throws IOException {
        HourManifest note =
                new HourManifest(log.header().tenant(), log.header().edge(), log.hour(), log.ordinal(), false, files);
        ReadyFolder.replace(store.conversionNote(log), note.toBytes());
    }

    /** Writes what has become due; how many. */
    int writeDue(Instant now) throws IOException {
        Map<Instant, List<Note>> hours = new TreeMap<>();
        for (String source : store.sources()) {
            for (Note note : notes(source)) {
                hours.computeIfAbsent(note.content().hour(), hour -> new ArrayList<>())
                        .add(note);
            }
        }
        int written = 0;
        for (Map.Entry<Instant, List<Note>> hour : hours.entrySet()) {
            boolean over = !now.isBefore(hour.getKey().plus(Duration.ofHours(1)).plus(GRACE));
            if (over && !isUnconverted(hour.getKey())) {
                written += complete(hour.getKey(), hour.getValue()) ? 1 : 0;
                forget(hour.getValue());
            }
        }
        return written;
    }

    private boolean isUnconverted(Instant hour) {
        return store.sources().stream()
                .flatMap(source -> store.logs(source).stream())
                .anyMatch(log -> log.hour().equals(hour) && !log.isConverted());
    }

    private boolean complete(Instant hour, List<Note> notes) throws IOException {
        Map<String, SegmentFile> files = new TreeMap<>();
        long ordinal = 0;
        for (Note note : notes) {
            note.content().files().forEach(file -> files.put(file.path(), file));
            ordinal = Math.max(ordinal, note.content().ordinal());
        }
        Set<String> named = new HashSet<>();
        long newest = -1;
        for (HourManifest earlier : manifests(hour)) {
            earlier.files().forEach(file -> named.add(file.path()));
            newest = Math.max(newest, earlier.ordinal());
            earlier.files().forEach(file -> files.putIfAbsent(file.path(), file));
        }
        if (named.containsAll(files.keySet())) {
            return false;
        }
        HourManifest first = notes.get(0).content();
        HourManifest manifest = new HourManifest(
                first.tenant(), first.edge(), hour, Math.max(ordinal, newest + 1), true, List.copyOf(files.values()));
        ready.create(manifest.path(), manifest.toBytes());
        LOG.infof("The hour %s is complete: %d segments", hour, files.size());
        return true;
    }

    /** Notes whose logs are gone have said what they had to say. */
    private void forget(Collection<Note> notes) throws IOException {
        for (Note note : notes) {
            Path log = note.file()
                    .resolveSibling(note.file().getFileName().toString().replace(NOTE, ".log"));
            if (!Files.exists(log)) {
                Files.deleteIfExists(note.file());
            }
        }
    }

    private List<Note> notes(String source) throws IOException {
        List<Note> notes = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(store.folderOf(source), "*" + NOTE)) {
            for (Path file : files) {
                try {
                    notes.add(new Note(file, HourManifest.parse(Files.readAllBytes(file))));
                } catch (IllegalArgumentException e) {
                    LOG.warnf("%s is no conversion note: %s", file, e.getMessage());
                }
            }
        }
        return notes;
    }

    private List<HourManifest> manifests(Instant hour) throws IOException {
        List<HourManifest> manifests = new ArrayList<>();
        Path folder = ready.root().resolve(SegmentPath.MANIFESTS);
        String name = SegmentPath.manifest(hour, 0).substring(SegmentPath.MANIFESTS.length() + 1);
        String prefix = name.substring(0, name.indexOf('_') + 1);
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, prefix + "*.json")) {
                for (Path file : files) {
                    try {
                        manifests.add(HourManifest.parse(Files.readAllBytes(file)));
                    } catch (IllegalArgumentException e) {
                        LOG.warnf("%s is no manifest: %s", file, e.getMessage());
                    }
                }
            }
        }
        return manifests;
    }
}
