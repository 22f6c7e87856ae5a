package io.tidemark.exchange.protocol.binance;

import io.tidemark.exchange.recording.BrokenLineException;
import io.tidemark.exchange.recording.CapturedLine;
import io.tidemark.exchange.recording.CapturedLine.Origin;
import io.tidemark.exchange.recording.LineSource;
import io.tidemark.exchange.recording.MalformedException;
import io.tidemark.exchange.recording.Recording;
import io.tidemark.exchange.serve.Venue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks once through every line of a recording before it is served: checks each, counts, and keeps the
 * few depth answers that a replay has to know ahead. Memory is bounded by the number of streams.
 */
final class RecordingScan {
    static final String UNKNOWN_SYMBOL = "?";

    private static final Pattern DEPTH_REQUEST =
            Pattern.compile("/f?api/v[13]/depth\\?(?:.*&)?symbol=([A-Za-z0-9]+)(?:&.*)?$");
    private static final long WATCH_EVERY = 100_000;
    /** Update ids of different symbols lie farther apart than a snapshot and the changes around it. */
    private static final long NEAR = 1_000_000;

    private final List<Recording> files;
    private final Flavor flavor;
    private final Venue.Watcher watcher;
    private final Map<String, Long> byStream = new TreeMap<>();
    private final Map<String, Long> depthAnswers = new TreeMap<>();
    private final Map<String, DepthContinuity> depths = new HashMap<>();
    private final TreeSet<String> symbols = new TreeSet<>();
    private long lines;
    private long frames;
    private long otherAnswers;
    private long acknowledgements;
    private long unreadable;
    private @Nullable Long firstNanos;
    private @Nullable Long lastNanos;

    private Set<String> symbolsOfFile = new HashSet<>();
    private List<Snapshot> nameless = new ArrayList<>();

    private RecordingScan(List<Recording> files, Flavor flavor, Venue.Watcher watcher) {
        this.flavor = flavor;
        this.files = List.copyOf(files);
        this.watcher = watcher;
    }

    static RecordingSummary of(List<Recording> files, Flavor flavor, Venue.Watcher watcher) throws IOException {
        RecordingScan scan = new RecordingScan(files, flavor, watcher);
        for (int i = 0; i < files.size(); i++) {
            scan.file(i);
        }
        return scan.summary();
    }

    /** The symbol of a depth request's URL, in upper case; null for other requests. */
    static @Nullable String depthSymbol(@Nullable String url) {
        if (url == null) {
            return null;
        }
        Matcher request = DEPTH_REQUEST.matcher(url);
        return request.find() ? Symbols.normal(request.group(1)) : null;
    }

    private void file(int index) throws IOException {
        Recording recording = files.get(index);
        Path file = recording.file();
        symbolsOfFile = new HashSet<>();
        nameless = new ArrayList<>();
        try (LineSource reader = recording.open()) {
            long before = lines;
            for (CapturedLine line = reader.next(); line != null; line = reader.next()) {
                lines++;
                try {
                    line(index, line);
                } catch (MalformedException e) {
                    if (!recording.forgives()) {
                        throw new BrokenLineException(file, line.number(), e.reason());
                    }
                    unreadable++;
                }
                if ((lines - before) % WATCH_EVERY == 0) {
                    watcher.lines(file, lines - before);
                }
            }
            if (lines == before) {
                throw new IOException(file + " is empty");
            }
        }
        for (Snapshot snapshot : nameless) {
            if (symbolsOfFile.size() == 1) {
                answer(symbolsOfFile.iterator().next(), snapshot);
            } else {
                depthAnswers.merge(UNKNOWN_SYMBOL, 1L, Long::sum);
            }
        }
    }

    private void line(int file, CapturedLine line) throws MalformedException {
        if (line.origin() == Origin.NOTE) {
            return;
        }
        if (firstNanos == null) {
            firstNanos = line.timeNanos();
        }
        lastNanos = line.timeNanos();
        if (line.binary()) {
            throw new MalformedException("a binary frame; Binance sends text");
        }
        String named = depthSymbol(line.url());
        if (line.origin() == Origin.REST && named == null) {
            otherAnswers++;
            return;
        }
        Message message = Message.parse(line.text(), flavor);
        if (message instanceof Message.DepthSnapshot depth) {
            if (line.origin() == Origin.SOCKET) {
                throw new MalformedException("a depth answer where a frame is expected");
            }
            Snapshot snapshot = new Snapshot(file, line.number(), depth.lastUpdateId(), line.text());
            if (named != null) {
                answer(named, snapshot);
            } else {
                nameless(snapshot);
            }
        } else if (line.origin() == Origin.REST) {
            throw new MalformedException("the answer to a depth request is not a depth answer");
        } else if (message instanceof Message.Market market) {
            market(market);
        } else {
            acknowledgements++;
        }
    }

    private void market(Message.Market market) {
        frames++;
        byStream.merge(StreamName.normal(market.stream()), 1L, Long::sum);
        String spelled = market.symbol();
        if (spelled == null) {
            return;
        }
        String symbol = Symbols.normal(spelled);
        symbols.add(symbol);
        symbolsOfFile.add(symbol);
        Message.DepthUpdate depth = market.depth();
        if (depth == null) {
            return;
        }
        for (Snapshot waiting : List.copyOf(nameless)) {
            if (depth.firstId() <= waiting.lastUpdateId() + 1 && waiting.lastUpdateId() + 1 <= depth.lastId()) {
                nameless.remove(waiting);
                answer(symbol, waiting);
            }
        }
        depths.computeIfAbsent(symbol, s -> new DepthContinuity()).update(depth.firstId(), depth.lastId());
    }

    /** Number-prefixed lines do not say of which symbol an answer is; its update id does. */
    private void nameless(Snapshot snapshot) {
        @Nullable String nearest = null;
        long distance = NEAR;
        for (Map.Entry<String, DepthContinuity> depth : depths.entrySet()) {
            if (symbolsOfFile.contains(depth.getKey()) && depth.getValue().lastId() >= 0) {
                long away = Math.abs(depth.getValue().lastId() - snapshot.lastUpdateId());
                if (away < distance) {
                    nearest = depth.getKey();
                    distance = away;
                }
            }
        }
        if (nearest != null) {
            answer(nearest, snapshot);
        } else {
            nameless.add(snapshot);
        }
    }

    private void answer(String symbol, Snapshot snapshot) {
        symbols.add(symbol);
        depthAnswers.merge(symbol, 1L, Long::sum);
        depths.computeIfAbsent(symbol, s -> new DepthContinuity()).snapshot(snapshot);
    }

    private RecordingSummary summary() {
        Map<String, Long> holes = new TreeMap<>();
        Map<String, List<Snapshot>> snapshots = new TreeMap<>();
        depths.forEach((symbol, depth) -> {
            if (depth.holes() > 0) {
                holes.put(symbol, depth.holes());
            }
            if (!depth.kept().isEmpty()) {
                snapshots.put(symbol, depth.kept());
            }
        });
        return new RecordingSummary(
                files,
                lines,
                frames,
                byStream,
                List.copyOf(symbols),
                depthAnswers,
                otherAnswers,
                acknowledgements + unreadable,
                holes,
                firstNanos,
                lastNanos,
                snapshots);
    }
}
