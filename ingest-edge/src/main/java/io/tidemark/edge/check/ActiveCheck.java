package io.tidemark.edge.check;

import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.contracts.segment.PathText;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.edge.log.HeadTable;
import io.tidemark.edge.log.LogBlock;
import io.tidemark.edge.log.LogHeader;
import io.tidemark.edge.log.LogReader;
import io.tidemark.edge.log.LogScan;
import io.tidemark.edge.log.LogTotals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads every log below {@code raw/active}, and what stands beside them. */
final class ActiveCheck {
    static final Pattern LOG = Pattern.compile("(\\d{10,19})\\.log");
    static final Pattern NOTE = Pattern.compile("(\\d{10,19})\\.segments\\.json");

    private final FolderState state;
    private final Path active;
    private final Map<String, ChainEnd> ends = new HashMap<>();

    ActiveCheck(FolderState state) {
        this.state = state;
        this.active = state.dataDir.resolve("raw").resolve("active");
    }

    void run() throws IOException {
        if (!Files.isDirectory(active)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(active)) {
            for (Path folder : folders) {
                if (Files.isDirectory(folder)) {
                    source(folder);
                } else {
                    state.fault(folder, "", "does not belong here");
                }
            }
        }
    }

    private void source(Path folder) throws IOException {
        String source;
        try {
            source = PathText.decode(folder.getFileName().toString());
        } catch (IllegalArgumentException e) {
            state.fault(folder, "", "no source's folder");
            return;
        }
        SortedMap<Long, Path> logs = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher log = LOG.matcher(file.getFileName().toString());
                Matcher note = NOTE.matcher(file.getFileName().toString());
                if (log.matches()) {
                    logs.put(Long.parseLong(log.group(1)), file);
                } else if (note.matches()) {
                    note(file, source, Long.parseLong(note.group(1)));
                }
            }
        }
        Map<Long, Long> cuts = cuts(logs);
        logs.forEach((ordinal, file) -> state.activeLogs.add(new FolderState.LogName(source, ordinal)));
        if (!logs.isEmpty()) {
            state.newestLog.put(source, logs.lastKey());
        }
        if (!state.live) {
            newestIsThere(folder, source, logs.isEmpty() ? -1 : logs.lastKey());
        }
        for (Map.Entry<Long, Path> log : logs.entrySet()) {
            try {
                boolean newest = log.getKey().equals(logs.lastKey());
                new LogCheck(source, log.getKey(), log.getValue(), newest).run(cuts.get(log.getKey()));
            } catch (NoSuchFileException | java.io.FileNotFoundException e) {
                if (!state.live) {
                    state.fault(log.getValue(), "", "cannot be read: " + e.getMessage());
                }
            }
        }
    }

    /** The newest log is never deleted; one that was begun and never got its name has left a part. */
    private void newestIsThere(Path folder, String source, long newest) throws IOException {
        Path file = folder.resolve("ordinal");
        if (!Files.exists(file)) {
            return;
        }
        try {
            long begun = Long.parseLong(
                            Files.readString(file, StandardCharsets.UTF_8).strip())
                    - 1;
            if (begun > newest && !Files.exists(folder.resolve(String.format("%010d.log.part", begun)))) {
                Path log = folder.resolve(String.format("%010d.log", begun));
                Fault fault = new Fault(state.relative(log), "", "it was begun and is not there");
                state.suspicions.add(new FolderState.Suspicion(source, begun, begun + 1, fault));
            }
        } catch (NumberFormatException e) {
            state.fault(file, "", "holds no number");
        }
    }

    private void note(Path file, String source, long ordinal) throws IOException {
        try {
            HourManifest note = HourManifest.parse(Files.readAllBytes(file));
            if (!isOf(note, source, ordinal)) {
                state.fault(file, "", "it is the note of another log");
                return;
            }
            state.listings.add(new FolderState.Listing(file, source, note));
        } catch (IllegalArgumentException e) {
            state.fault(file, "", "the note of log " + ordinal + " cannot be read: " + e.getMessage());
        } catch (NoSuchFileException e) {
            // The hour's manifest took its place just now.
            return;
        }
    }

    static boolean isOf(HourManifest note, String source, long ordinal) {
        return note.files().stream()
                .map(file -> SegmentPath.parse(file.path()))
                .allMatch(path -> path.source().equals(source) && path.ordinal() == ordinal);
    }

    private static Map<Long, Long> cuts(SortedMap<Long, Path> logs) throws IOException {
        Map<Long, Long> cuts = new HashMap<>();
        for (Path file : logs.values()) {
            try (LogReader reader = new LogReader(file)) {
                if (reader.header().cutOrdinal() >= 0) {
                    cuts.put(reader.header().cutOrdinal(), reader.header().cutLength());
                }
            } catch (IOException e) {
                // Told when the log itself is read.
                continue;
            }
        }
        return cuts;
    }

    /** One log. */
    private final class LogCheck implements LogScan.Listener {
        private final String source;
        private final long ordinal;
        private final Path file;
        private final boolean newest;
        private final HeadTable<StreamName> streams = new HeadTable<>(Integer.MAX_VALUE, StreamName::of);
        private long damagedFrom = -1;
        private long damagedTo;
        private String damage = "";
        private boolean whole = true;
        private long repeats;

        LogCheck(String source, long ordinal, Path file, boolean newest) {
            this.source = source;
            this.ordinal = ordinal;
            this.file = file;
            this.newest = newest;
        }

        void run(@Nullable Long cut) throws IOException {
            LogScan.Result result = LogScan.run(file, cut == null ? -1 : cut, this);
            state.logs++;
            boolean open = state.live && newest && !result.sealed();
            if (damagedFrom >= 0 && !(open && damagedTo == result.limit())) {
                tellDamage();
            }
            LogHeader header = result.header();
            if (header != null
                    && (header.ordinal() != ordinal || !header.source().equals(source))) {
                state.fault(file, "byte 0", "it is log " + header.ordinal() + " of " + header.source());
                whole = false;
            }
            if (!result.sealed() && !newest && cut == null) {
                state.fault(file, "byte " + result.good(), "it has no seal, so its end is missing");
                whole = false;
            } else if (cut != null && result.limit() < cut) {
                state.fault(file, "byte " + result.limit(), "it is cut, " + cut + " bytes of it count");
                whole = false;
            }
            if (whole && result.sealTotals() != null && !result.totals().equals(result.sealTotals())) {
                state.fault(
                        file,
                        "byte " + result.good(),
                        "its seal counts " + result.sealTotals().channels() + ", read were "
                                + result.totals().channels());
            }
            if (header != null) {
                chain(header, result);
            }
            if (repeats > 1) {
                state.fault(file, "", repeats + " events stand in the logs more than once");
            }
        }

        private void chain(LogHeader header, LogScan.Result result) {
            ChainEnd before = ends.get(source);
            if (before != null && before.whole && !before.totals.equals(header.before())) {
                Fault fault = new Fault(
                        state.relative(file),
                        "byte 0",
                        "before it were " + header.before().channels() + ", the logs up to " + before.ordinal + " hold "
                                + before.totals.channels());
                state.suspicions.add(new FolderState.Suspicion(source, before.ordinal, ordinal, fault));
            }
            LogTotals totals = result.sealTotals() == null ? result.totals() : result.sealTotals();
            ends.put(source, new ChainEnd(ordinal, totals, whole));
            state.totals.put(source, totals);
        }

        @Override
        public void block(LogBlock block) {
            for (int at = block.first(); at < block.end(); at = block.next(at)) {
                StreamName stream = streams.of(block, at);
                boolean fresh = state.inLogs
                        .computeIfAbsent(stream, key -> new Sequences())
                        .add(block.sequence(at));
                if (!fresh && repeats++ == 0) {
                    state.fault(
                            file,
                            "byte " + block.head().offset(),
                            "sequence " + block.sequence(at) + " of " + stream + " stands in the logs twice");
                }
                state.records++;
            }
        }

        @Override
        public void damage(long from, long to, long firstRecord, long records, String what) {
            whole = false;
            if (damagedFrom >= 0) {
                tellDamage();
            }
            damagedFrom = from;
            damagedTo = to;
            damage = what + (records > 0 ? "; " + records + " records" : "");
        }

        private void tellDamage() {
            String place =
                    damagedTo > damagedFrom ? "bytes " + damagedFrom + " to " + damagedTo : "byte " + damagedFrom;
            state.fault(file, place, damage);
        }

        @Override
        public void closed(long from, long records) {
            whole = false;
            state.closedRecords += records;
        }
    }

    private record ChainEnd(long ordinal, LogTotals totals, boolean whole) {}
}
