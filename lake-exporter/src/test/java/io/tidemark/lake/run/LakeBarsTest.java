package io.tidemark.lake.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.files.schema.CandleSchema;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.contracts.lake.Bucket;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.lake.run.CandleFixtures.Candle;
import io.tidemark.lake.slice.Range;
import io.tidemark.lake.source.CandleSource;
import io.tidemark.lake.source.LakeCandles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Candles of a sealed lake whose bars were sent again: by a later revision, hours later, and by another edge. */
class LakeBarsTest {
    private static final long START = 1_723_154_400_000L;

    @TempDir
    Path root;

    private static Candle candle(int minute, String close) {
        return new Candle("binance", "BTC-USDT", START + minute * 60_000L, List.of("1", "9", "1", close, "3"));
    }

    private static Envelope sent(
            RawFolder raw,
            int minute,
            String close,
            long sequence,
            long trades,
            int revision,
            boolean complete,
            int lateMinutes) {
        Envelope bar = CandleFixtures.bar(raw, candle(minute, close), sequence);
        return bar.toBuilder()
                .setExchangeTime(bar.getExchangeTime() + lateMinutes * 60_000_000_000L)
                .setReceiveTime(bar.getReceiveTime())
                .setBar(bar.getBar().toBuilder()
                        .setTradeCount(trades)
                        .setRevision(revision)
                        .setComplete(complete))
                .build();
    }

    @Test
    void eachBarIsReadOnceAndTheBestOfItsRecords() throws Exception {
        Lakes.limits();
        RawFolder one = new RawFolder(root, "pi-1");
        RawFolder two = new RawFolder(root, "pi-2");
        List<Envelope> first = new ArrayList<>();
        List<Envelope> second = new ArrayList<>();
        for (int minute = 0; minute < 50; minute++) {
            first.add(sent(one, minute, "2", minute, 10, 0, true, 0));
            boolean better = minute % 5 == 0;
            second.add(sent(two, minute, "4", minute, better ? 11 : 10, 0, minute % 7 != 0, 0));
        }
        // Sent again three hours later: more of the same bar.
        first.add(sent(one, 3, "5", 50, 12, 1, true, 180));
        one.segment(1, first);
        two.segment(1, second);
        Lakes.export(root, "pi-1", "pi-2");
        List<String> closes = new ArrayList<>();
        try (CandleSource source = LakeCandles.open(Lakes.tenant(root), RawFolder.TENANT);
                CandleSource.Session session = source.open()) {
            Series series = new Series(RawFolder.TENANT, "binance", "BTC-USDT", "1m");
            assertEquals(
                    List.of(series), source.series(new CandleSource.SeriesFilter(List.of(), List.of(), List.of())));
            session.read(
                    Bucket.of("BTC-USDT"),
                    List.of(new CandleSource.Wanted(series, List.of(Range.ALL))),
                    (of, candles, from, to) -> {
                        for (int row = from; row < to; row++) {
                            assertEquals((START + closes.size() * 60_000L) * 1_000, candles.time(row));
                            Decimal38 close = new Decimal38();
                            close.readFixed16(candles.bytes(CandleSchema.CLOSE), candles.at(CandleSchema.CLOSE, row));
                            closes.add(close.toBigDecimal().stripTrailingZeros().toPlainString());
                        }
                    });
        }
        assertEquals(50, closes.size());
        for (int minute = 0; minute < 50; minute++) {
            boolean second11 = minute % 5 == 0 && minute % 7 != 0;
            assertEquals(minute == 3 ? "5" : second11 ? "4" : "2", closes.get(minute), "minute " + minute);
        }
        assertEquals(101, Lakes.state(root).rows());
    }
}
