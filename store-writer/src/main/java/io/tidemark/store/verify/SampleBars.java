package io.tidemark.store.verify;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.SplittableRandom;

/** Bars that anybody can make again from a seed: each is a function of its symbol and number alone. */
public final class SampleBars {
    /** 2024-08-01T00:00:00Z; a bar a minute from there. */
    private static final long BEGIN = 1_722_470_400_000_000_000L;

    private static final long MINUTE = 60_000_000_000L;
    private static final long LARGEST = 1_000_000_000_000_000_000L;
    private static final int ABSENT_EVERY = 50;

    private final long seed;
    private final String prefix;

    public SampleBars(long seed, String prefix) {
        this.seed = seed;
        this.prefix = prefix;
    }

    /** What both tables have to say. Open and volume are sometimes absent, which is null. */
    public record Sample(
            String symbol,
            long openTime,
            BigDecimal low,
            BigDecimal open,
            BigDecimal close,
            BigDecimal high,
            BigDecimal volume,
            boolean openAbsent,
            long trades) {}

    public String symbol(int symbol) {
        return prefix + symbol + "-USD";
    }

    public Sample sample(int symbol, long number) {
        SplittableRandom random = new SplittableRandom(seed * 31 + symbol * 1_000_003L + number);
        int scale = random.nextInt(19);
        BigInteger low = BigInteger.valueOf(random.nextLong(1, LARGEST));
        BigInteger open = low.add(BigInteger.valueOf(random.nextLong(LARGEST)));
        BigInteger close = low.add(BigInteger.valueOf(random.nextLong(LARGEST)));
        BigInteger high = open.max(close).add(BigInteger.valueOf(random.nextLong(LARGEST)));
        return new Sample(
                symbol(symbol),
                BEGIN + number * MINUTE,
                new BigDecimal(low, scale),
                new BigDecimal(open, scale),
                new BigDecimal(close, scale),
                new BigDecimal(high, scale),
                new BigDecimal(BigInteger.valueOf(random.nextLong(LARGEST)), random.nextInt(19)),
                random.nextInt(ABSENT_EVERY) == 0,
                random.nextLong(1, 1_000_000));
    }

    /** As an edge sends it. */
    public byte[] record(int symbol, long number) {
        Sample sample = sample(symbol, number);
        Bar.Builder bar = Bar.newBuilder()
                .setTimeframe("1m")
                .setOpenTime(sample.openTime)
                .setHigh(Events.decimal(sample.high.toPlainString()))
                .setLow(Events.decimal(sample.low.toPlainString()))
                .setClose(Events.decimal(sample.close.toPlainString()))
                .setVolume(Events.decimal(sample.volume.toPlainString()))
                .setTradeCount(sample.trades)
                .setComplete(true)
                .setVendor("verify");
        if (!sample.openAbsent) {
            bar.setOpen(Events.decimal(sample.open.toPlainString()));
        }
        return Envelope.newBuilder()
                .setSchemaVersion(1)
                .setTenant("default")
                .setEdge("verify")
                .setIncarnation(1)
                .setSource("verify")
                .setChannel("bars-1m")
                .setSymbol(sample.symbol)
                .setVenueSymbol(sample.symbol)
                .setConnector("load")
                .setSequence(number)
                .setReceiveTime(sample.openTime + MINUTE)
                .setBar(bar)
                .build()
                .toByteArray();
    }
}
