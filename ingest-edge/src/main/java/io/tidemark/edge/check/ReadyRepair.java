package io.tidemark.edge.check;

import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.contracts.segment.HourManifest.SegmentFile;
import io.tidemark.contracts.segment.PathText;
import io.tidemark.contracts.segment.Receipt;
import io.tidemark.contracts.segment.SegmentPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Puts {@code raw/ready} right: files to their places, what cannot be read to quarantine, manifests that hold. */
final class ReadyRepair {
    /** A segment that was found as {@code former} and is to be {@code home}. */
    private record Stray(Path aside, Path home, String sha256, Path former) {}

    private final Path dataDir;
    private final Path ready;
    private final Mover mover;

    ReadyRepair(Path dataDir, Mover mover) {
        this.dataDir = dataDir;
        this.ready = dataDir.resolve("raw").resolve("ready");
        this.mover = mover;
    }

    /** First: small files that cannot be read, and segments under wrong names. */
    void sort() throws IOException {
        for (Path file : files(SegmentPath.MANIFESTS)) {
            try {
                HourManifest manifest = HourManifest.parse(Files.readAllBytes(file));
                home(file, ready.resolve(manifest.path()));
            } catch (IllegalArgumentException e) {
                mover.quarantine(file, "no manifest: " + e.getMessage());
            }
        }
        for (Path file : files(SegmentPath.RECEIPTS)) {
            try {
                Receipt receipt = Receipt.parse(Files.readAllBytes(file));
                home(file, ready.resolve(SegmentPath.receipt(receipt.path())));
            } catch (IllegalArgumentException e) {
                mover.quarantine(file, "no receipt: " + e.getMessage());
            }
        }
        segments();
    }

    private void home(Path file, Path home) throws IOException {
        if (!home.equals(file)) {
            if (Files.exists(home)) {
                mover.quarantine(file, "a second copy of " + mover.relative(home));
            } else {
                mover.move(file, home);
                mover.did(home, "was found under another name");
            }
        }
    }

    private void segments() throws IOException {
        FolderState state = FolderCheck.of(dataDir).state();
        Map<String, String> wanted = new HashMap<>();
        Set<String> named = new HashSet<>();
        for (FolderState.Listing listing : state.listings) {
            for (SegmentFile file : listing.content().files()) {
                SegmentFile found = state.segments.get(file.path());
                if (found != null && found.sha256().equals(file.sha256())) {
                    named.add(file.path());
                } else {
                    wanted.put(file.sha256(), file.path());
                }
            }
        }
        Map<String, String> present = new HashMap<>();
        state.segments.values().stream()
                .filter(file -> named.contains(file.path()))
                .forEach(file -> present.put(file.sha256(), file.path()));
        List<Stray> strays = new ArrayList<>();
        for (Path file : files("")) {
            String relative = ready.relativize(file).toString().replace('\\', '/');
            if (named.contains(relative)
                    || relative.startsWith(SegmentPath.MANIFESTS + "/")
                    || relative.startsWith(SegmentPath.RECEIPTS + "/")) {
                continue;
            }
            String sha256 = Sha256.of(file);
            String home = wanted.get(sha256);
            if (home != null && !home.equals(relative)) {
                strays.add(new Stray(mover.aside(file, ready), ready.resolve(home), sha256, file));
            } else if (present.containsKey(sha256)) {
                mover.quarantine(file, "a second copy of " + present.get(sha256));
            } else if (!state.segments.containsKey(relative)) {
                mover.quarantine(file, "cannot be read, or does not belong here");
            }
        }
        for (Stray stray : strays) {
            // Nobody knows where the one that stands there belongs: where this one came from is the best guess.
            if (Files.exists(stray.home())
                    && !Sha256.of(stray.home()).equals(stray.sha256())
                    && !Files.exists(stray.former())) {
                mover.move(stray.home(), stray.former());
                mover.did(stray.former(), "was found as " + mover.relative(stray.home()));
            }
            home(stray.aside(), stray.home());
        }
    }

    /** What the logs that are still there can give again: their notes go, so that they are converted anew. */
    void forgetBrokenNotes() throws IOException {
        FolderState state = FolderCheck.of(dataDir).state();
        for (FolderState.Listing listing : state.listings) {
            for (SegmentFile file : listing.content().files()) {
                SegmentPath path = SegmentPath.parse(file.path());
                boolean there = state.segments.containsKey(file.path()) || state.receipts.contains(file.path());
                Path note = note(path.source(), path.ordinal());
                if (!there
                        && state.activeLogs.contains(new FolderState.LogName(path.source(), path.ordinal()))
                        && Files.exists(note)) {
                    Files.delete(note);
                    mover.did(note, "was deleted, its log is converted again");
                }
            }
        }
    }

    private Path note(String source, long ordinal) {
        return dataDir.resolve("raw")
                .resolve("active")
                .resolve(PathText.encode(source))
                .resolve(String.format("%010d.segments.json", ordinal));
    }

    /** Manifests that name what is lost go; notes of what is there take their place, for the converter to gather. */
    Map<String, List<String>> relist() throws IOException {
        FolderState state = FolderCheck.of(dataDir).state();
        Map<String, List<String>> lost = new TreeMap<>();
        Map<Path, List<SegmentFile>> notes = new TreeMap<>();
        Map<Path, FolderState.Listing> origins = new HashMap<>();
        Set<String> named = new HashSet<>();
        Set<FolderState.Listing> wrong = new HashSet<>();
        for (FolderState.Listing listing : state.listings) {
            for (SegmentFile file : listing.content().files()) {
                SegmentFile found = state.segments.get(file.path());
                boolean right = found == null
                        ? state.receipts.contains(file.path())
                        : found.sha256().equals(file.sha256());
                if (!right) {
                    wrong.add(listing);
                    if (found == null) {
                        lost.computeIfAbsent(SegmentPath.parse(file.path()).source(), key -> new ArrayList<>())
                                .add("the segment " + file.path() + " with " + file.rows() + " rows is lost");
                    }
                }
            }
        }
        for (FolderState.Listing listing : state.listings) {
            if (!wrong.contains(listing)) {
                listing.content().files().forEach(file -> named.add(file.path()));
                continue;
            }
            for (SegmentFile file : listing.content().files()) {
                SegmentFile found = state.segments.get(file.path());
                SegmentFile kept = found == null && state.receipts.contains(file.path()) ? file : found;
                if (kept != null) {
                    keep(notes, origins, kept, listing);
                    named.add(kept.path());
                }
            }
            mover.quarantine(listing.file(), "names what is lost or changed");
        }
        for (SegmentFile file : state.segments.values()) {
            SegmentPath path = SegmentPath.parse(file.path());
            if (!named.contains(file.path())
                    && !state.activeLogs.contains(new FolderState.LogName(path.source(), path.ordinal()))) {
                keep(notes, origins, file, null);
            }
        }
        for (Map.Entry<Path, List<SegmentFile>> entry : notes.entrySet()) {
            write(entry.getKey(), entry.getValue(), origins.get(entry.getKey()), state);
        }
        return lost;
    }

    private void keep(
            Map<Path, List<SegmentFile>> notes,
            Map<Path, FolderState.Listing> origins,
            SegmentFile file,
            FolderState.@org.jspecify.annotations.Nullable Listing origin) {
        SegmentPath path = SegmentPath.parse(file.path());
        Path note = note(path.source(), path.ordinal());
        List<SegmentFile> files = notes.computeIfAbsent(note, key -> new ArrayList<>());
        if (files.stream().noneMatch(one -> one.path().equals(file.path()))) {
            files.add(file);
        }
        if (origin != null) {
            origins.put(note, origin);
        }
    }

    private void write(
            Path note,
            List<SegmentFile> files,
            FolderState.@org.jspecify.annotations.Nullable Listing origin,
            FolderState state)
            throws IOException {
        SegmentPath first = SegmentPath.parse(files.get(0).path());
        List<SegmentFile> all = new ArrayList<>(files);
        if (Files.exists(note)) {
            HourManifest.parse(Files.readAllBytes(note)).files().stream()
                    .filter(old -> all.stream().noneMatch(one -> one.path().equals(old.path())))
                    .forEach(all::add);
        }
        // A manifest that takes another's place never takes its name: the old one may be at the target.
        long ordinal = origin == null
                ? first.ordinal()
                : Math.max(first.ordinal(), origin.content().ordinal() + 1);
        String tenant = origin == null ? "" : origin.content().tenant();
        String edge = origin == null ? "" : origin.content().edge();
        if (origin == null) {
            io.tidemark.contracts.proto.Envelope event = firstEvent(ready.resolve(first.relative()));
            tenant = event.getTenant();
            edge = event.getEdge();
        }
        HourManifest content = new HourManifest(tenant, edge, first.hour(), ordinal, false, all);
        KnownLosses.replace(note, content.toBytes());
        mover.did(note, "names " + all.size() + " segments of log " + first.ordinal() + " again");
    }

    private static io.tidemark.contracts.proto.Envelope firstEvent(Path file) throws IOException {
        try (var reader = io.tidemark.contracts.files.read.EventFileReader.open(file)) {
            io.tidemark.contracts.proto.Envelope event = reader.next();
            if (event == null) {
                throw new IOException(file + " has no rows");
            }
            return event;
        }
    }

    private List<Path> files(String below) throws IOException {
        Path folder = ready.resolve(below);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
