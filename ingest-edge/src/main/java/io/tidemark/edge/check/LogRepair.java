package io.tidemark.edge.check;

import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.contracts.segment.PathText;
import io.tidemark.edge.log.LogBlock;
import io.tidemark.edge.log.LogHeader;
import io.tidemark.edge.log.LogMender;
import io.tidemark.edge.log.LogReader;
import io.tidemark.edge.log.LogScan;
import io.tidemark.edge.log.LogTotals;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Puts {@code raw/active} right as far as it goes before the logs are recovered; torn ends are the recovery's. */
final class LogRepair {
    private final Path active;
    private final Mover mover;

    LogRepair(Path dataDir, Mover mover) {
        this.active = dataDir.resolve("raw").resolve("active");
        this.mover = mover;
    }

    void run() throws IOException {
        if (!Files.isDirectory(active)) {
            return;
        }
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(active)) {
            for (Path entry : entries) {
                if (!Files.isDirectory(entry)) {
                    mover.quarantine(entry, "does not belong here");
                } else if (isSource(entry)) {
                    folders.add(entry);
                } else {
                    mover.quarantine(entry, "is no source's folder");
                }
            }
        }
        bringHome(folders);
        for (Path folder : folders) {
            notes(folder);
            mend(folder);
        }
    }

    private static boolean isSource(Path folder) {
        try {
            PathText.decode(String.valueOf(folder.getFileName()));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static SortedMap<Long, Path> logs(Path folder) throws IOException {
        SortedMap<Long, Path> logs = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher match = ActiveCheck.LOG.matcher(String.valueOf(file.getFileName()));
                if (match.matches()) {
                    logs.put(Long.parseLong(match.group(1)), file);
                }
            }
        }
        return logs;
    }

    /** A log whose header says that it is another one goes to that one's place. */
    private void bringHome(List<Path> folders) throws IOException {
        Map<Path, Path> strays = new TreeMap<>();
        for (Path folder : folders) {
            List<Path> files = new ArrayList<>(logs(folder).values());
            try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, Mover.STRAY + "*")) {
                leftovers.forEach(files::add);
            }
            for (Path file : files) {
                Path home = home(file);
                if (home != null && !home.equals(file)) {
                    strays.put(mover.aside(file, folder), home);
                }
            }
        }
        for (Map.Entry<Path, Path> stray : strays.entrySet()) {
            Path aside = stray.getKey();
            Path home = stray.getValue();
            if (Files.exists(home) && damage(home) > damage(aside)) {
                mover.quarantine(home, "a copy of it is less damaged");
            }
            if (Files.exists(home)) {
                mover.quarantine(aside, "a second copy of " + mover.relative(home));
            } else {
                mover.move(aside, home);
                mover.did(home, "was found under another name");
            }
        }
    }

    private @Nullable Path home(Path log) {
        try (LogReader reader = new LogReader(log)) {
            LogHeader header = reader.header();
            return active.resolve(PathText.encode(header.source()))
                    .resolve(String.format("%010d.log", header.ordinal()));
        } catch (IOException e) {
            return null;
        }
    }

    private static long damage(Path log) throws IOException {
        long[] damaged = new long[1];
        LogScan.Result result = LogScan.run(log, -1, new LogScan.Listener() {
            @Override
            public void block(LogBlock block) {}

            @Override
            public void damage(long from, long to, long firstRecord, long records, String what) {
                damaged[0] += 1 + to - from;
            }

            @Override
            public void closed(long from, long records) {
                damaged[0]++;
            }
        });
        return damaged[0] + (result.sealed() ? 0 : 1);
    }

    private void notes(Path folder) throws IOException {
        List<Path> notes = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.segments.json")) {
            files.forEach(notes::add);
        }
        for (Path note : notes) {
            try {
                String name = String.valueOf(note.getFileName());
                long ordinal = Long.parseLong(name.substring(0, name.indexOf('.')));
                String source = PathText.decode(String.valueOf(folder.getFileName()));
                if (!ActiveCheck.isOf(HourManifest.parse(Files.readAllBytes(note)), source, ordinal)) {
                    mover.quarantine(note, "is the note of another log");
                }
            } catch (IllegalArgumentException e) {
                mover.quarantine(note, "could not be read");
            }
        }
    }

    private void mend(Path folder) throws IOException {
        String source = PathText.decode(String.valueOf(folder.getFileName()));
        LogTotals before = LogTotals.NONE;
        for (Map.Entry<Long, Path> log : logs(folder).entrySet()) {
            Path file = log.getValue();
            Readable readable = new Readable();
            LogScan.Result result = LogScan.run(file, -1, readable);
            if (readable.mendable(result)) {
                mover.keepCopy(file);
                for (String what : LogMender.mend(file, source, log.getKey(), before)) {
                    mover.did(file, what);
                }
                result = LogScan.run(file, -1, new Readable());
            }
            before = result.sealTotals() == null ? result.totals() : result.sealTotals();
        }
    }

    /** Whether there is more to be had than by cutting the end off. */
    private static final class Readable implements LogScan.Listener {
        private long lastBlock = -1;
        private long firstDamage = Long.MAX_VALUE;

        @Override
        public void block(LogBlock block) {
            lastBlock = block.head().offset();
        }

        @Override
        public void damage(long from, long to, long firstRecord, long records, String what) {
            firstDamage = Math.min(firstDamage, from);
        }

        @Override
        public void closed(long from, long records) {}

        boolean mendable(LogScan.Result result) {
            return firstDamage <= lastBlock || (firstDamage < result.good() && result.sealed());
        }
    }
}
