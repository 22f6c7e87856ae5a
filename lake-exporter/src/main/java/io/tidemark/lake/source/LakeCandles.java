package io.tidemark.lake.source;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.files.DamagedFileException;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.files.read.StoredBar;
import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.schema.CandleSchema;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.manifest.SealedState;
import io.tidemark.lake.slice.Range;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Candles from the bars of the sealed event lake, as of one generation.
 *
 * <p>Of the records of one bar (later revisions, other edges) one counts: complete wins, then more trades, then the
 * higher revision, then the smaller edge name. Bars lie in the hour of their event, not of their opening, so files
 * are read in the order of the earliest opening that their footers name; memory holds what of them overlaps.
 */
public final class LakeCandles implements CandleSource {
    private static final String NATIVE = "-native";
    private static final int BATCH = 8_192;

    static final Comparator<StoredBar> BETTER = Comparator.comparing(StoredBar::complete)
            .thenComparingLong(StoredBar::tradeCount)
            .thenComparingLong(StoredBar::revision)
            .thenComparing(StoredBar::edge, Comparator.reverseOrder());

    private final Path tenantRoot;
    private final SealedState state;
    private final SortedMap<Series, List<LakeFile>> files = new TreeMap<>();

    private LakeCandles(Path tenantRoot, String tenant, SealedState state) {
        this.tenantRoot = tenantRoot;
        this.state = state;
        for (LakeFile file : state.files()) {
            for (String channel : file.channels().keySet()) {
                Channel kind = Channel.of(channel);
                if (kind.isBars()) {
                    String vendor = kind == Channel.BARS_NATIVE ? file.source() + NATIVE : file.source();
                    Series series = new Series(tenant, vendor, file.symbol(), Channel.interval(channel));
                    files.computeIfAbsent(series, key -> new ArrayList<>()).add(file);
                }
            }
        }
    }

    /** As of the last sealed generation. */
    public static LakeCandles open(Path tenantRoot, String tenant) throws IOException {
        return new LakeCandles(tenantRoot, tenant, new SealedLake(tenantRoot).current());
    }

    @Override
    public Map<String, Object> identity() {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("kind", "lake");
        identity.put("generation", state.generation());
        identity.put("hash", state.hash());
        return identity;
    }

    @Override
    public String moment() {
        return "";
    }

    @Override
    public List<Series> series(SeriesFilter filter) {
        return files.keySet().stream().filter(filter::admits).toList();
    }

    @Override
    public boolean knows(Series series) {
        return files.containsKey(series);
    }

    @Override
    public Session open() {
        return new Session() {
            @Override
            public void read(String bucket, List<Wanted> wanted, Sink sink) throws IOException {
                for (Wanted one : wanted) {
                    new SeriesRead(one, sink).read(files.getOrDefault(one.series(), List.of()));
                }
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}

    private record Bounded(LakeFile file, Range opens) {}

    /** One series on its way through its files. */
    private final class SeriesRead {
        private final Wanted wanted;
        private final Sink sink;
        private final String channel;
        private final TreeMap<Long, StoredBar> pending = new TreeMap<>();
        private final CandleColumns batch = new CandleColumns(BATCH);

        SeriesRead(Wanted wanted, Sink sink) {
            this.wanted = wanted;
            this.sink = sink;
            Series series = wanted.series();
            this.channel = series.source().endsWith(NATIVE)
                    ? Channel.nativeBars(series.timeframe())
                    : Channel.bars(series.timeframe());
        }

        void read(List<LakeFile> ofSeries) throws IOException {
            List<Bounded> sorted = new ArrayList<>();
            for (LakeFile file : ofSeries) {
                long[] nanos = EventFileReader.openTimes(tenantRoot.resolve(file.path()));
                Range opens = new Range(Math.floorDiv(nanos[0], 1_000L), Math.floorDiv(nanos[1], 1_000L));
                if (nanos[0] <= nanos[1] && isWanted(opens)) {
                    sorted.add(new Bounded(file, opens));
                }
            }
            sorted.sort(
                    Comparator.<Bounded>comparingLong(bounded -> bounded.opens().from())
                            .thenComparing(bounded -> bounded.file().path()));
            for (int i = 0; i < sorted.size(); i++) {
                readFile(tenantRoot.resolve(sorted.get(i).file().path()));
                emitBefore(i + 1 < sorted.size() ? sorted.get(i + 1).opens().from() : Long.MAX_VALUE);
            }
            flush();
        }

        private boolean isWanted(Range opens) {
            return wanted.ranges().stream().anyMatch(range -> range.from() <= opens.to() && range.to() > opens.from());
        }

        private void readFile(Path file) throws IOException {
            try (EventFileReader reader = EventFileReader.openBars(file)) {
                for (StoredBar bar = reader.nextBar(channel); bar != null; bar = reader.nextBar(channel)) {
                    check(file, bar);
                    long micros = Math.floorDiv(bar.openTime(), 1_000L);
                    pending.merge(micros, bar, (known, other) -> BETTER.compare(other, known) > 0 ? other : known);
                }
            }
        }

        private void check(Path file, StoredBar bar) throws DamagedFileException {
            Series series = wanted.series();
            String wrong = null;
            if (!bar.vendor().equals(series.source()) || !bar.timeframe().equals(series.timeframe())) {
                wrong = "is of vendor \"" + bar.vendor() + "\" and timeframe \"" + bar.timeframe() + "\"";
            } else if (Math.floorMod(bar.openTime(), 1_000L) != 0) {
                wrong = "does not open on a whole microsecond";
            } else if (bar.numbers().get(CandleSchema.CLOSE) == null) {
                wrong = "has no close";
            }
            if (wrong != null) {
                throw new DamagedFileException(
                        file,
                        "the bar of channel " + channel + " that opens at " + bar.openTime() + " ns " + wrong,
                        null);
            }
        }

        private void emitBefore(long micros) throws IOException {
            while (!pending.isEmpty() && pending.firstKey() < micros) {
                Map.Entry<Long, StoredBar> first = pending.pollFirstEntry();
                batch.add(first.getKey());
                List<@Nullable Decimal38> numbers = first.getValue().numbers();
                for (int number = 0; number < CandleSchema.NUMBERS; number++) {
                    Decimal38 value = numbers.get(number);
                    if (value != null) {
                        batch.set(number, value);
                    }
                }
                if (batch.rows() == BATCH) {
                    flush();
                }
            }
        }

        private void flush() throws IOException {
            RangeRows.cut(wanted.series(), batch.times(), 0, batch.rows(), wanted.ranges(), () -> batch, sink);
            batch.clear();
        }
    }
}
