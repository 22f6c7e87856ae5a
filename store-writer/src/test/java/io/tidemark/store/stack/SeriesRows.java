package io.tidemark.store.stack;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import java.math.BigDecimal;
import java.time.Instant;

/** Bar number i of 200 instruments in turn, one minute after the other: a pure function of i. */
public final class SeriesRows {
    public static final int SYMBOLS = 200;
    private static final String[] VENDORS = {"binance", "coinbase", "kraken", "okx"};
    private static final long START_SECONDS = 1_767_225_600L;
    private static final int SCALE = 8;
    private static final int NUMBERS = 5;

    private SeriesRows() {}

    private static int symbol(long i) {
        return (int) (i % SYMBOLS);
    }

    public static String symbolName(long i) {
        return "SYM" + symbol(i) + "-USDT";
    }

    public static String vendor(long i) {
        return VENDORS[symbol(i) / 2 % VENDORS.length];
    }

    public static long seconds(long i) {
        return START_SECONDS + i / SYMBOLS * 60;
    }

    /** Coefficients at scale 8: open, high, low, close, volume. */
    static long[] numbers(long i) {
        long scatter = (i * 2_654_435_761L >>> 7) & 0xffffffL;
        long base = 6_000_000_000_000L + i / SYMBOLS * 31_000_000L + symbol(i) * 1_009_000_000L;
        long open = base + scatter % 1000 * 10_000;
        long close = base + scatter % 777 * 10_000;
        return new long[] {
            open, Math.max(open, close) + 2_000_000, Math.min(open, close) - 3_000_000, close, scatter * 100 + 1
        };
    }

    public static Envelope event(long i) {
        long[] numbers = numbers(i);
        Decimal38[] decimals = new Decimal38[NUMBERS];
        for (int k = 0; k < NUMBERS; k++) {
            decimals[k] = Decimal38.of(numbers[k], SCALE);
        }
        long openTime = seconds(i) * Bars.SECOND;
        return Envelope.newBuilder()
                .setSchemaVersion(1)
                .setTenant("default")
                .setEdge("edge-1")
                .setIncarnation(1)
                .setSource(vendor(i))
                .setChannel("bars-1m")
                .setSymbol(symbolName(i))
                .setVenueSymbol(symbolName(i).replace("-", ""))
                .setConnector("ws")
                .setSequence(i / SYMBOLS)
                .setReceiveTime(openTime + 60 * Bars.SECOND)
                .setExchangeTime(openTime)
                .setBar(Bar.newBuilder()
                        .setTimeframe("1m")
                        .setOpenTime(openTime)
                        .setOpen(Events.decimal(decimals[0]))
                        .setHigh(Events.decimal(decimals[1]))
                        .setLow(Events.decimal(decimals[2]))
                        .setClose(Events.decimal(decimals[3]))
                        .setVolume(Events.decimal(decimals[4]))
                        .setTradeCount(4)
                        .setComplete(true)
                        .setVendor(vendor(i)))
                .build();
    }

    /** The row in COPY's text form, for {@code bars} or {@code bars_ohlcv}. */
    public static void copyText(StringBuilder out, long i, boolean legacy) {
        long[] numbers = numbers(i);
        out.append("default\t")
                .append(vendor(i))
                .append('\t')
                .append(symbolName(i))
                .append("\t1m\t");
        out.append(Instant.ofEpochSecond(seconds(i))).append('\t');
        if (!legacy) {
            out.append(seconds(i) * Bars.SECOND).append('\t').append(vendor(i)).append('\t');
        }
        for (long number : numbers) {
            out.append(BigDecimal.valueOf(number, SCALE).toPlainString()).append('\t');
        }
        if (!legacy) {
            out.append("\\N\t");
        }
        out.append("4\t0\tt\t");
        if (!legacy) {
            out.append("f\t");
        }
        out.append("edge-1\n");
    }

    /** The sum of closes and volumes of bars 0 to n - 1, to compare with the table's. */
    public static BigDecimal checksum(long n) {
        long sum = 0;
        BigDecimal total = BigDecimal.ZERO;
        for (long i = 0; i < n; i++) {
            long[] numbers = numbers(i);
            sum += numbers[3] + numbers[4];
            if (sum > Long.MAX_VALUE / 2) {
                total = total.add(BigDecimal.valueOf(sum, SCALE));
                sum = 0;
            }
        }
        return total.add(BigDecimal.valueOf(sum, SCALE)).stripTrailingZeros();
    }
}
