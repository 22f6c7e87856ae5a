package io.tidemark.exchange.protocol.subscribed;

import io.tidemark.exchange.recording.BrokenLineException;
import io.tidemark.exchange.recording.CapturedLine;
import io.tidemark.exchange.recording.CapturedLine.Origin;
import io.tidemark.exchange.recording.LineSource;
import io.tidemark.exchange.recording.MalformedException;
import io.tidemark.exchange.recording.Recording;
import io.tidemark.exchange.serve.Venue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Looks once through every line of a recording before it is served: checks each and counts. */
final class RecordingScan {
    private static final long WATCH_EVERY = 100_000;

    private final Dialect dialect;
    private final StandingBooks books = new StandingBooks();
    private final TreeMap<String, Long> byKind = new TreeMap<>();
    private final TreeMap<String, Long> byStream = new TreeMap<>();
    private final TreeSet<String> symbols = new TreeSet<>();
    private final Set<String> connections = new HashSet<>();
    private long lines;
    private long frames;
    private long answers;
    private long checksOk;
    private long checksFailed;
    private @Nullable Long firstNanos;
    private @Nullable Long lastNanos;

    private RecordingScan(Dialect dialect) {
        this.dialect = dialect;
    }

    static RecordingSummary of(Dialect dialect, List<Recording> files, Venue.Watcher watcher) throws IOException {
        RecordingScan scan = new RecordingScan(dialect);
        for (Recording file : files) {
            scan.file(file, watcher);
        }
        return new RecordingSummary(
                List.copyOf(files),
                scan.lines,
                scan.frames,
                scan.byKind,
                scan.byStream,
                List.copyOf(scan.symbols),
                scan.answers,
                scan.connections.size(),
                scan.checksOk,
                scan.checksFailed,
                scan.firstNanos,
                scan.lastNanos);
    }

    private void file(Recording recording, Venue.Watcher watcher) throws IOException {
        Path file = recording.file();
        try (LineSource reader = recording.open()) {
            long before = lines;
            for (CapturedLine line = reader.next(); line != null; line = reader.next()) {
                lines++;
                try {
                    line(file, line, recording.forgives());
                } catch (MalformedException e) {
                    throw new BrokenLineException(file, line.number(), e.reason());
                }
                if ((lines - before) % WATCH_EVERY == 0) {
                    watcher.lines(file, lines - before);
                }
            }
            if (lines == before) {
                throw new IOException(file + " is empty");
            }
        }
    }

    private void line(Path file, CapturedLine line, boolean forgives) throws MalformedException {
        if (line.origin() == Origin.NOTE) {
            return;
        }
        if (firstNanos == null) {
            firstNanos = line.timeNanos();
        }
        lastNanos = Math.max(line.timeNanos(), lastNanos == null ? Long.MIN_VALUE : lastNanos);
        if (line.origin() == Origin.REST) {
            answers++;
            return;
        }
        if (line.binary()) {
            throw new MalformedException("a binary frame; " + dialect.name() + " sends text");
        }
        connections.add(file + " " + line.connection());
        frames++;
        Decoded decoded = Decoded.of(dialect, line.text(), forgives);
        byKind.merge(decoded.kind(), 1L, Long::sum);
        byStream.merge(decoded.stream(), 1L, Long::sum);
        symbols.addAll(decoded.symbols());
        for (BookChange change : decoded.books()) {
            // Books are built only where there is something to hold them against.
            if (change.notes().containsKey(Checksum.NOTE) || change.depth() > 0) {
                Boolean fits = dialect.checks(books.apply(change), change);
                checksOk += Boolean.TRUE.equals(fits) ? 1 : 0;
                checksFailed += Boolean.FALSE.equals(fits) ? 1 : 0;
            }
        }
    }
}
