package io.tidemark.lake.source;

import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.lake.slice.Range;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Where candles come from, as of one moment: whatever happens to the source meanwhile, all sessions of one instance
 * read the same candles. Sessions may be used by one thread each; everything else by one thread.
 */
public interface CandleSource extends AutoCloseable {
    /** Names the candles in JSON values, as a manifest says it. */
    Map<String, Object> identity();

    /**
     * Empty where the identity says all that the candles depend on. Otherwise something that is equal at two times
     * only where nothing changed between them.
     */
    String moment();

    /** All series there are. */
    List<Series> series(SeriesFilter filter) throws IOException;

    /** Whether there is any candle of this series. */
    boolean knows(Series series) throws IOException;

    Session open() throws IOException;

    @Override
    void close() throws IOException;

    /** What is wanted of one series: opening times within any of the ranges, which rise and do not touch. */
    record Wanted(Series series, List<Range> ranges) {}

    /** One thread's way to read. */
    interface Session extends AutoCloseable {
        /**
         * Hands out what is wanted: series in the order given, candles by rising time, each once.
         *
         * @param bucket of all the series
         * @param wanted in the natural order of series
         */
        void read(String bucket, List<Wanted> wanted, Sink sink) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Takes candles; may keep nothing of the columns. */
    @FunctionalInterface
    interface Sink {
        /** Rows {@code from} to {@code to}, the latter left out. */
        void take(Series series, CandleColumns candles, int from, int to) throws IOException;
    }

    /** Which series; an empty list admits all. */
    record SeriesFilter(List<String> sources, List<String> symbols, List<String> timeframes) {
        public boolean admits(Series series) {
            return admits(sources, series.source())
                    && admits(symbols, series.symbol())
                    && admits(timeframes, series.timeframe());
        }

        private static boolean admits(List<String> names, String name) {
            return names.isEmpty() || names.contains(name);
        }
    }
}
