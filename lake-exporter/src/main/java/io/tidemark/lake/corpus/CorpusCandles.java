package io.tidemark.lake.corpus;

import io.tidemark.contracts.files.DamagedFileException;
import io.tidemark.contracts.files.read.CandleFileReader;
import io.tidemark.contracts.files.read.CandleGroup;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.lake.parquet.CandlePart;
import io.tidemark.lake.slice.Range;
import io.tidemark.lake.source.CandleSource;
import io.tidemark.lake.source.RangeRows;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Candles from a sealed corpus, as of one generation.
 *
 * <p>Each generation's parts of a bucket are sorted by series and time, and a later generation holds later candles
 * of a series; so the generations are gone through side by side, each forwards only.
 */
public final class CorpusCandles implements CandleSource {
    /** With more generations than this, none keeps its row group in memory between two series. */
    private static final int KEPT_GROUPS = 4;

    private final SealedCorpus corpus;
    private final SortedMap<Series, CorpusManifest.Reach> series;

    private CorpusCandles(SealedCorpus corpus) {
        this.corpus = corpus;
        this.series = corpus.series();
    }

    /** Throws {@link NoSuchFileException} where the corpus has no generation. */
    public static CorpusCandles open(Path tenantRoot, String name) throws IOException {
        SealedCorpus corpus = SealedCorpus.read(tenantRoot, name);
        if (corpus.isEmpty()) {
            throw new NoSuchFileException(corpus.folder() + ": there is no corpus \"" + name + "\"");
        }
        return new CorpusCandles(corpus);
    }

    @Override
    public Map<String, Object> identity() {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("kind", "corpus");
        identity.put("name", corpus.name());
        identity.put("generation", corpus.generation());
        identity.put("hash", corpus.hash());
        return identity;
    }

    @Override
    public String moment() {
        return "";
    }

    @Override
    public List<Series> series(SeriesFilter filter) {
        return series.keySet().stream().filter(filter::admits).toList();
    }

    @Override
    public boolean knows(Series one) {
        return series.containsKey(one);
    }

    @Override
    public Session open() {
        return new Session() {
            @Override
            public void read(String bucket, List<Wanted> wanted, Sink sink) throws IOException {
                readBucket(bucket, wanted, sink);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}

    private void readBucket(String bucket, List<Wanted> wanted, Sink sink) throws IOException {
        Range hull = hull(wanted);
        List<GenerationRead> reads = new ArrayList<>();
        try {
            for (CorpusManifest generation : corpus.generations()) {
                List<CandlePart> parts = generation.parts().stream()
                        .filter(part -> part.bucket().equals(bucket))
                        .filter(part -> part.minTs() < hull.to() && part.maxTs() >= hull.from())
                        .toList();
                if (!parts.isEmpty()) {
                    reads.add(new GenerationRead(parts, hull));
                }
            }
            for (Wanted one : wanted) {
                for (GenerationRead read : reads) {
                    read.read(one, sink);
                    if (reads.size() > KEPT_GROUPS) {
                        read.forget();
                    }
                }
            }
        } finally {
            for (GenerationRead read : reads) {
                read.close();
            }
        }
    }

    private static Range hull(List<Wanted> wanted) {
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        for (Wanted one : wanted) {
            if (!one.ranges().isEmpty()) {
                from = Math.min(from, one.ranges().get(0).from());
                to = Math.max(to, one.ranges().get(one.ranges().size() - 1).to());
            }
        }
        return new Range(from, to);
    }

    /** One generation's parts of a bucket, read forwards. */
    private final class GenerationRead {
        private final List<CandlePart> parts;
        private final Range hull;
        private int part = -1;
        private int groupNumber;
        private int run;
        private @Nullable CandleFileReader reader;
        private @Nullable CandleGroup group;

        GenerationRead(List<CandlePart> parts, Range hull) {
            this.parts = parts;
            this.hull = hull;
        }

        void read(Wanted wanted, Sink sink) throws IOException {
            for (CandleGroup at = current(); at != null; at = current()) {
                CandleGroup.Run rows = at.runs().get(run);
                int order = rows.series().compareTo(wanted.series());
                if (order > 0) {
                    return;
                }
                if (order == 0) {
                    RangeRows.cut(
                            rows.series(), at.times(), rows.from(), rows.to(), wanted.ranges(), at::candles, sink);
                }
                run++;
                if (run == at.runs().size()) {
                    run = 0;
                    groupNumber++;
                    group = null;
                }
            }
        }

        /** The row group to go on with; null behind the last. */
        private @Nullable CandleGroup current() throws IOException {
            CandleGroup known = group;
            if (known != null) {
                return known;
            }
            while (true) {
                CandleFileReader open = reader;
                if (open != null && groupNumber < open.groups()) {
                    if (open.minTime(groupNumber) < hull.to() && open.maxTime(groupNumber) >= hull.from()) {
                        CandleGroup next = open.read(groupNumber);
                        group = next;
                        return next;
                    }
                    groupNumber++;
                    run = 0;
                    continue;
                }
                if (part + 1 >= parts.size()) {
                    return null;
                }
                nextPart();
            }
        }

        private void nextPart() throws IOException {
            CandleFileReader before = reader;
            if (before != null) {
                reader = null;
                before.close();
            }
            CandlePart next = parts.get(++part);
            Path file = corpus.folder().resolve(next.path());
            CandleFileReader opened = CandleFileReader.open(file);
            reader = opened;
            if (opened.rows() != next.rows() || !opened.rowHash().equals(next.rowHash())) {
                throw new DamagedFileException(file, "is not the file that was sealed", null);
            }
            groupNumber = 0;
            run = 0;
        }

        void forget() {
            group = null;
        }

        void close() throws IOException {
            CandleFileReader open = reader;
            if (open != null) {
                open.close();
            }
        }
    }
}
