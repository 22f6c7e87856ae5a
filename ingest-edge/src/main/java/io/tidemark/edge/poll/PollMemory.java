package io.tidemark.edge.poll;

import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.segment.PathText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What a polled source has recorded already, over all restarts: the keys of its records by stream, the newest time of
 * each stream, and what its servers said of their last answers.
 *
 * <p>Kept in {@code <data-dir>/state/poll/<source>/}, each line with the number of records after which it holds
 * ({@link MemoryFile}). What a kill left out of the files is in the newest log, which is read back at the start
 * ({@link #recall}). Used by the source's thread only.
 */
final class PollMemory {
    private static final Logger LOG = Logger.getLogger(PollMemory.class);
    /** Streams whose keys are held at a time; those of the others are read again when they are asked for. */
    private static final int STREAMS_HELD = 4;
    /** Keys of a stream that are kept beyond those of its last answer. */
    private static final int KEYS_KEPT = 10_000;

    private static final String CONDITIONS = "requests";
    private static final int LINES_BEFORE_COMPACTION = 500;

    /** What a server said with its last answer, so that it need not give it twice; empty texts where it said nothing. */
    record Conditions(String etag, String lastModified, String body) {
        static final Conditions NONE = new Conditions("", "", "");
    }

    /** One stream's keys, oldest first. */
    private static final class Stream {
        private final MemoryFile file;
        private final LinkedHashSet<Key> keys = new LinkedHashSet<>();
        private long newest = EventEncoder.ABSENT;
        private int lines;
        private boolean unsaved;

        private Stream(MemoryFile file) {
            this.file = file;
        }
    }

    private final Path folder;
    private final Map<String, Stream> streams = new LinkedHashMap<>(8, 0.75f, true);
    private final Map<String, Conditions> conditions = new HashMap<>();
    private final MemoryFile conditionsFile;
    private int conditionLines;
    private boolean unsaved;

    /** {@code survived}: the records of the source that its log still vouches for. */
    PollMemory(Path folder, long survived) throws IOException {
        this.folder = folder;
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    // What did not survive goes now: later, the count alone would not show it.
                    new MemoryFile(file).forgetBeyond(survived);
                }
            }
        }
        this.conditionsFile = new MemoryFile(folder.resolve(CONDITIONS));
        for (MemoryFile.Line line : conditionsFile.read()) {
            conditionLines++;
            String[] words = line.text().split(" ", -1);
            if (words.length == 4) {
                conditions.put(plain(words[0]), new Conditions(plain(words[1]), plain(words[2]), plain(words[3])));
            }
        }
    }

    Conditions conditions(String request) {
        return conditions.getOrDefault(request, Conditions.NONE);
    }

    boolean knows(String channel, String symbol, Key key) throws IOException {
        return stream(channel, symbol).keys.contains(key);
    }

    /** The newest exchange time of a stream's recorded events; {@code ABSENT} for none. */
    long newest(String channel, String symbol) throws IOException {
        return stream(channel, symbol).newest;
    }

    /** An event that was read back from the log. It stands in the files after the next {@link #remember}. */
    void recall(String channel, String symbol, long exchangeTime, Key key) throws IOException {
        Stream stream = stream(channel, symbol);
        stream.unsaved |= stream.keys.add(key);
        stream.newest = Math.max(stream.newest, exchangeTime);
    }

    /** Puts what was recalled into the files, before its log can go. {@code records}: as for {@link #remember}. */
    void saveRecalled(long records) {
        for (Stream stream : streams.values()) {
            if (stream.unsaved) {
                compact(stream, records);
            }
        }
    }

    /**
     * After a commit: what was added to a stream, and what its last answer had in all.
     *
     * @param records of the source in all, this commit's included
     */
    void remember(long records, String channel, String symbol, Collection<Key> added, Set<Key> seen, long newest)
            throws IOException {
        Stream stream = stream(channel, symbol);
        stream.newest = Math.max(stream.newest, newest);
        // What is still offered is the last to be forgotten.
        stream.keys.removeAll(seen);
        stream.keys.addAll(seen);
        int most = Math.max(KEYS_KEPT, 2 * seen.size());
        boolean trimmed = stream.keys.size() > most;
        if (trimmed) {
            var oldest = stream.keys.iterator();
            for (int i = stream.keys.size() - most; i > 0; i--) {
                oldest.next();
                oldest.remove();
            }
        }
        if (stream.unsaved || stream.lines >= LINES_BEFORE_COMPACTION) {
            compact(stream, records);
        } else if (!added.isEmpty()) {
            try {
                stream.file.append(line(records, stream.newest, added));
                stream.lines++;
            } catch (IOException e) {
                unsaved(stream, e);
            }
        }
    }

    private void compact(Stream stream, long records) {
        try {
            List<MemoryFile.Line> lines = new ArrayList<>();
            List<Key> part = new ArrayList<>();
            for (Key key : stream.keys) {
                part.add(key);
                if (part.size() == 1000) {
                    lines.add(line(records, stream.newest, part));
                    part.clear();
                }
            }
            lines.add(line(records, stream.newest, part));
            stream.file.replace(lines);
            // The lines of a large answer must not make each following one a compaction.
            stream.lines = 0;
            stream.unsaved = false;
        } catch (IOException e) {
            unsaved(stream, e);
        }
    }

    private void unsaved(Stream stream, IOException e) {
        if (!stream.unsaved) {
            LOG.warnf("What was recorded could not be noted below %s, it is tried again: %s", folder, e.getMessage());
        }
        stream.unsaved = true;
    }

    private static MemoryFile.Line line(long records, long newest, Collection<Key> keys) {
        StringBuilder text = new StringBuilder(20 + 33 * keys.size()).append(newest);
        keys.forEach(key -> text.append(' ').append(key));
        return new MemoryFile.Line(records, text.toString());
    }

    /** After the commit of an answer. */
    void remember(long records, String request, Conditions answer) {
        conditions.put(request, answer);
        try {
            if (unsaved || conditionLines >= LINES_BEFORE_COMPACTION + conditions.size()) {
                List<MemoryFile.Line> lines = new ArrayList<>();
                conditions.forEach((name, known) -> lines.add(line(records, name, known)));
                conditionsFile.replace(lines);
                conditionLines = lines.size();
                unsaved = false;
            } else {
                conditionsFile.append(line(records, request, answer));
                conditionLines++;
            }
        } catch (IOException e) {
            if (!unsaved) {
                LOG.warnf("What a server said could not be noted below %s: %s", folder, e.getMessage());
            }
            unsaved = true;
        }
    }

    private static MemoryFile.Line line(long records, String request, Conditions answer) {
        return new MemoryFile.Line(
                records,
                packed(request) + " " + packed(answer.etag) + " " + packed(answer.lastModified) + " "
                        + packed(answer.body));
    }

    private static String packed(String text) {
        return text.isEmpty()
                ? "-"
                : Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + ".";
    }

    private static String plain(String word) {
        return word.endsWith(".")
                ? new String(
                        Base64.getUrlDecoder().decode(word.substring(0, word.length() - 1)), StandardCharsets.UTF_8)
                : "";
    }

    private Stream stream(String channel, String symbol) throws IOException {
        String name = PathText.encode(channel + "@" + symbol);
        Stream known = streams.get(name);
        if (known != null) {
            return known;
        }
        Stream stream = new Stream(new MemoryFile(folder.resolve(name + ".keys")));
        for (MemoryFile.Line line : stream.file.read()) {
            stream.lines++;
            read(line.text(), stream);
        }
        if (stream.lines > LINES_BEFORE_COMPACTION) {
            stream.unsaved = true;
        }
        streams.put(name, stream);
        forgetSome(name);
        return stream;
    }

    private static void read(String text, Stream stream) {
        String[] words = text.split(" ", -1);
        try {
            stream.newest = Math.max(stream.newest, Long.parseLong(words[0]));
            for (int i = 1; i < words.length; i++) {
                stream.keys.add(Key.parse(words[i]));
            }
        } catch (IllegalArgumentException e) {
            // Its checksum held: of another version. What it says is asked for again.
            LOG.debugf("A line of keys cannot be read: %s", e.getMessage());
        }
    }

    private void forgetSome(String keep) {
        if (streams.size() <= STREAMS_HELD) {
            return;
        }
        @Nullable String oldest = null;
        for (Map.Entry<String, Stream> entry : streams.entrySet()) {
            if (!entry.getKey().equals(keep) && !entry.getValue().unsaved) {
                oldest = entry.getKey();
                break;
            }
        }
        if (oldest != null) {
            streams.remove(oldest);
        }
    }
}
