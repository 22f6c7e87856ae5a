package io.tidemark.exchange.protocol.binance;

import io.tidemark.exchange.emission.Frame;
import io.tidemark.exchange.recording.BrokenLineException;
import io.tidemark.exchange.recording.CapturedLine;
import io.tidemark.exchange.recording.CapturedLine.Origin;
import io.tidemark.exchange.recording.LineSource;
import io.tidemark.exchange.recording.MalformedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pass over checked captures, with the order books that follow from what lies behind.
 *
 * <p>A depth request is answered with the recorded answer, byte for byte, until the place where it was
 * recorded lies behind: a client that listened since then has, or will get, the change that spans it.
 * A client that joined after that change could never synchronise with it; it, and everybody after the
 * place, gets the book as it stands: the snapshot with all changes handed out since.
 */
final class RecordedReel implements BinanceReel {
    private static final String STREAM_FIELD = "{\"stream\":\"";

    private final RecordingSummary summary;
    private final Flavor flavor;
    private final Map<String, SymbolDepth> depths = new HashMap<>();
    private final Map<String, String> kinds = new HashMap<>();
    /** Places of the depth answers met on the way to the frame at hand. */
    private final List<Place> met = new ArrayList<>();

    private final Set<Place> awaited = new HashSet<>();
    private final Set<Place> behind = new HashSet<>();
    private int fileIndex = -1;
    private @Nullable LineSource reader;

    private record Place(int file, long line) {}

    RecordedReel(RecordingSummary summary, Flavor flavor) {
        this.summary = summary;
        this.flavor = flavor;
        summary.snapshots().forEach((symbol, snapshots) -> {
            depths.put(symbol, new SymbolDepth(snapshots));
            snapshots.forEach(snapshot -> awaited.add(new Place(snapshot.file(), snapshot.line())));
        });
    }

    @Override
    public @Nullable Frame next() throws IOException {
        while (true) {
            LineSource open = reader;
            if (open == null) {
                if (++fileIndex >= summary.files().size()) {
                    return null;
                }
                open = summary.files().get(fileIndex).open();
                reader = open;
            }
            CapturedLine line = open.next();
            if (line == null) {
                open.close();
                reader = null;
                continue;
            }
            Frame frame = frame(open.file(), line);
            if (frame != null) {
                return frame;
            }
        }
    }

    private @Nullable Frame frame(Path file, CapturedLine line) throws IOException {
        if (line.origin() == Origin.NOTE) {
            return null;
        }
        if (line.origin() == Origin.REST) {
            meet(line);
            return null;
        }
        String text = line.text();
        String stream;
        int end = text.startsWith(STREAM_FIELD) ? text.indexOf('"', STREAM_FIELD.length()) : -1;
        if (end > 0) {
            stream = text.substring(STREAM_FIELD.length(), end);
        } else {
            Message message = parse(file, line);
            if (message == null) {
                return null;
            }
            if (message instanceof Message.DepthSnapshot) {
                meet(line);
            }
            if (!(message instanceof Message.Market market)) {
                return null;
            }
            stream = market.stream();
        }
        String name = StreamName.normal(stream);
        return new Frame(name, kinds.computeIfAbsent(name, StreamName::kind), text, line.timeNanos());
    }

    private void meet(CapturedLine line) {
        Place place = new Place(fileIndex, line.number());
        if (awaited.contains(place)) {
            met.add(place);
        }
    }

    /** Null for what nobody can read in a recording that forgives it. */
    private @Nullable Message parse(Path file, CapturedLine line) throws BrokenLineException {
        try {
            return Message.parse(line.text(), flavor);
        } catch (MalformedException e) {
            if (summary.files().get(fileIndex).forgives()) {
                return null;
            }
            throw new BrokenLineException(file, line.number(), e.reason());
        }
    }

    @Override
    public void passed(Frame frame) {
        behind.addAll(met);
        met.clear();
        if (!frame.kind().equals("depth")) {
            return;
        }
        try {
            if (Message.parse(frame.text(), flavor) instanceof Message.Market market) {
                Message.DepthUpdate update = market.depth();
                if (update != null) {
                    depths.computeIfAbsent(Symbols.normal(update.symbol()), s -> new SymbolDepth(List.of()))
                            .update(update);
                }
            }
        } catch (MalformedException e) {
            throw new IllegalStateException("the recording changed after it was checked: " + e.reason(), e);
        }
    }

    @Override
    public void joined() {
        depths.values().forEach(SymbolDepth::joined);
    }

    @Override
    public DepthAnswer depth(String symbol, int limit) {
        if (!summary.symbols().contains(symbol)) {
            return new DepthAnswer.UnknownSymbol();
        }
        SymbolDepth depth = depths.get(symbol);
        return depth == null ? new DepthAnswer.NoSnapshot() : depth.answer(limit);
    }

    @Override
    public void close() throws IOException {
        LineSource open = reader;
        if (open != null) {
            open.close();
            reader = null;
        }
    }

    /** One symbol: the snapshot in force, the book that grew from it, and the changes handed out. */
    private final class SymbolDepth {
        private final List<Snapshot> snapshots;
        private int inForce;
        private @Nullable DepthBook book;
        private boolean afterHole;
        private long passedId = -1;
        private long joinedId = -1;

        SymbolDepth(List<Snapshot> snapshots) {
            this.snapshots = snapshots;
            if (!snapshots.isEmpty()) {
                this.book = book(snapshots.get(0));
            }
        }

        void joined() {
            joinedId = passedId;
        }

        void update(Message.DepthUpdate update) {
            passedId = Math.max(passedId, update.lastId());
            DepthBook current = book;
            if (current == null) {
                return;
            }
            if (current.isBehind(update)) {
                afterHole = true;
                for (int i = inForce + 1; i < snapshots.size(); i++) {
                    if (snapshots.get(i).lastUpdateId() + 1 >= update.firstId()) {
                        inForce = i;
                        current = book(snapshots.get(i));
                        book = current;
                        afterHole = false;
                        break;
                    }
                }
            }
            current.apply(update);
        }

        DepthAnswer answer(int limit) {
            DepthBook current = book;
            if (current == null) {
                return new DepthAnswer.NoSnapshot();
            }
            Snapshot snapshot = snapshots.get(inForce);
            if (!afterHole
                    && joinedId <= snapshot.lastUpdateId()
                    && !behind.contains(new Place(snapshot.file(), snapshot.line()))) {
                return new DepthAnswer.Book(snapshot.text(), false);
            }
            return new DepthAnswer.Book(current.json(limit), afterHole);
        }

        private DepthBook book(Snapshot snapshot) {
            try {
                if (Message.parse(snapshot.text(), flavor) instanceof Message.DepthSnapshot depth) {
                    return new DepthBook(depth, flavor);
                }
                throw new IllegalStateException("not a depth answer");
            } catch (MalformedException e) {
                throw new IllegalStateException("a checked depth answer cannot be read again", e);
            }
        }
    }
}
