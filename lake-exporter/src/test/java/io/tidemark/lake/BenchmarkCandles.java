package io.tidemark.lake;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.files.schema.CandleColumns;
import io.tidemark.contracts.files.schema.CandleSchema;
import io.tidemark.contracts.files.schema.Series;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Candles for measuring: made of recorded trades of Binance, moved by symbol and minute, so that they pack as real
 * ones do. A candle is a pure function of its number.
 */
public final class BenchmarkCandles {
    public static final int SYMBOLS = 200;
    public static final long START_MICROS = 1_767_225_600_000_000L;
    private static final String[] SOURCES = {"binance", "coinbase", "kraken", "okx"};

    private final List<BigDecimal[]> trades = new ArrayList<>();
    private final long perSymbol;

    public BenchmarkCandles(long candles) throws IOException {
        perSymbol = Math.max(1, candles / SYMBOLS);
        List<Path> files;
        try (Stream<Path> found = Files.list(Recordings.file("captures/binance-spot"))) {
            files = found.filter(file -> file.toString().endsWith(".gz"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            try (BufferedReader in = new BufferedReader(
                    new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (line.contains("\"e\":\"trade\"")) {
                        trades.add(new BigDecimal[] {
                            new BigDecimal(field(line, "\"p\":")), new BigDecimal(field(line, "\"q\":"))
                        });
                    }
                }
            }
        }
    }

    private static String field(String line, String key) {
        int from = line.indexOf(key) + key.length();
        int to = from;
        while (",}".indexOf(line.charAt(to)) < 0) {
            to++;
        }
        return line.substring(from, to).replace("\"", "");
    }

    public long perSymbol() {
        return perSymbol;
    }

    public Series series(int symbol) {
        return new Series("default", SOURCES[symbol / 2 % 4], "SYM" + symbol + "-USDT", "1m");
    }

    /** Minute {@code minute} of a symbol: time, open, high, low, close, volume. */
    public void add(int symbol, long minute, CandleColumns into) {
        BigDecimal[] numbers = numbers(symbol, minute);
        into.add(START_MICROS + minute * 60_000_000L);
        Decimal38 value = new Decimal38();
        for (int i = 0; i < CandleSchema.NUMBERS; i++) {
            if (value.set(numbers[i]) != Decimal38.Outcome.EXACT) {
                throw new IllegalStateException(numbers[i] + " is no decimal(38,18)");
            }
            into.set(i, value);
        }
    }

    public BigDecimal[] numbers(int symbol, long minute) {
        long i = minute * SYMBOLS + symbol;
        int at = (int) ((i * 7) % (trades.size() - 4));
        BigDecimal open = trades.get(at)[0];
        BigDecimal close = trades.get(at + 3)[0];
        BigDecimal high = open;
        BigDecimal low = open;
        BigDecimal volume = BigDecimal.ZERO;
        for (int k = 0; k < 4; k++) {
            BigDecimal price = trades.get(at + k)[0];
            high = high.max(price);
            low = low.min(price);
            volume = volume.add(trades.get(at + k)[1]);
        }
        BigDecimal move = BigDecimal.valueOf((minute * 31 + symbol * 1009L) % 1_000_003L, 2);
        BigDecimal scatter = BigDecimal.valueOf((i * 2_654_435_761L >>> 7) & 0xffffffL, 8);
        return new BigDecimal[] {open.add(move), high.add(move), low.add(move), close.add(move), volume.add(scatter)};
    }
}
