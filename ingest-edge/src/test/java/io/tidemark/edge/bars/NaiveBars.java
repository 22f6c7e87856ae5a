package io.tidemark.edge.bars;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Bars as one would write them down on paper, from all trades at once: an independent oracle. */
final class NaiveBars {
    record Key(String symbol, String timeframe, long openTime) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return Comparator.comparing(Key::symbol)
                    .thenComparing(Key::timeframe)
                    .thenComparingLong(Key::openTime)
                    .compare(this, other);
        }
    }

    record Row(BigDecimal open, BigDecimal high, BigDecimal low, BigDecimal close, BigDecimal volume, long trades) {
        Row {
            open = open.stripTrailingZeros();
            high = high.stripTrailingZeros();
            low = low.stripTrailingZeros();
            close = close.stripTrailingZeros();
            volume = volume.stripTrailingZeros();
        }
    }

    private NaiveBars() {}

    static Map<Key, Row> of(List<Envelope> trades, Map<String, Long> intervals) {
        Map<Key, Row> bars = new TreeMap<>();
        List<Envelope> ordered = trades.stream()
                .sorted(Comparator.comparingLong(Envelope::getExchangeTime)
                        .thenComparingLong(e -> Long.parseLong(e.getTrade().getTradeId())))
                .toList();
        intervals.forEach((name, nanos) -> {
            for (Envelope event : ordered) {
                BigDecimal price = Events.decimal(event.getTrade().getPrice()).toBigDecimal();
                BigDecimal size = Events.decimal(event.getTrade().getSize()).toBigDecimal();
                Key key = new Key(event.getSymbol(), name, event.getExchangeTime() / nanos * nanos);
                bars.merge(
                        key,
                        new Row(price, price, price, price, size, 1),
                        (old, one) -> new Row(
                                old.open,
                                old.high.max(one.high),
                                old.low.min(one.low),
                                one.close,
                                old.volume.add(one.volume),
                                old.trades + 1));
            }
        });
        return bars;
    }

    /** The highest revision of each bar; fails where one revision is there twice. */
    static Map<Key, Row> latest(List<Envelope> events) {
        Map<Key, Envelope> latest = new TreeMap<>();
        for (Envelope event : events) {
            if (!event.hasBar()) {
                continue;
            }
            Key key = new Key(
                    event.getSymbol(),
                    event.getBar().getTimeframe(),
                    event.getBar().getOpenTime());
            Envelope before = latest.get(key);
            if (before != null
                    && event.getBar().getRevision() <= before.getBar().getRevision()) {
                throw new AssertionError("revision " + event.getBar().getRevision() + " of " + key + " after "
                        + before.getBar().getRevision());
            }
            latest.put(key, event);
        }
        Map<Key, Row> rows = new TreeMap<>();
        latest.forEach((key, event) -> rows.put(
                key,
                new Row(
                        Events.decimal(event.getBar().getOpen()).toBigDecimal(),
                        Events.decimal(event.getBar().getHigh()).toBigDecimal(),
                        Events.decimal(event.getBar().getLow()).toBigDecimal(),
                        Events.decimal(event.getBar().getClose()).toBigDecimal(),
                        Events.decimal(event.getBar().getVolume()).toBigDecimal(),
                        event.getBar().getTradeCount())));
        return rows;
    }
}
