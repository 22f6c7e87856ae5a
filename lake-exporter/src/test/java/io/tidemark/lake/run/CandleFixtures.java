package io.tidemark.lake.run;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.lake.Recordings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;

/** Candles for tests, as texts, and the lakes and files that hold them. */
final class CandleFixtures {
    static final long START_MS = 1_700_000_040_000L;

    private CandleFixtures() {}

    /** One candle: opening time in milliseconds; open, high, low, close, volume as they were spelled. */
    record Candle(String source, String symbol, long tsMs, List<String> numbers) {}

    /** Minute candles of three collections, with their holes; the first so many of each. */
    static List<Candle> recorded(int most) throws IOException {
        Map<String, Integer> taken = new LinkedHashMap<>();
        return allRecorded().stream()
                .filter(candle -> taken.merge(candle.source(), 1, Integer::sum) <= most)
                .toList();
    }

    static List<Candle> allRecorded() throws IOException {
        List<Candle> candles = new ArrayList<>();
        for (String day : List.of("20180404", "20180405", "20180406")) {
            long midnight = LocalDate.parse(day, java.time.format.DateTimeFormatter.BASIC_ISO_DATE)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toEpochSecond()
                    * 1000;
            try (ZipInputStream zip = new ZipInputStream(
                    Files.newInputStream(Recordings.file("bars/lean-coinbase-btcusd-minute/" + day + "_trade.zip")))) {
                zip.getNextEntry();
                for (String line : lines(zip)) {
                    String[] fields = line.split(",");
                    candles.add(candle("coinbase", "BTC-USD", midnight + Long.parseLong(fields[0]), fields, 1));
                }
            }
        }
        try (InputStream in = new GZIPInputStream(
                Files.newInputStream(Recordings.file("bars/nautilus/btc-perp-20211231-20220201_1m.csv.gz")))) {
            List<String> all = lines(in);
            for (String line : all.subList(1, all.size())) {
                String[] fields = line.split(",");
                long tsMs = LocalDateTime.parse(fields[0].substring(0, 19).replace(' ', 'T'))
                                .toEpochSecond(ZoneOffset.UTC)
                        * 1000;
                candles.add(candle("binance-usdm", "BTC-PERP", tsMs, fields, 1));
            }
        }
        try (InputStream in =
                new GZIPInputStream(Files.newInputStream(Recordings.file("bars/freqtrade/UNITTEST_BTC-1m.json.gz")))) {
            Matcher rows = Pattern.compile("\\[(\\d+), ?([^\\[\\]]+)]").matcher(String.join("", lines(in)));
            while (rows.find()) {
                candles.add(candle(
                        "bittrex",
                        "UNITTEST-BTC",
                        Long.parseLong(rows.group(1)),
                        rows.group(2).split(", ?"),
                        0));
            }
        }
        return candles;
    }

    /** Minute candles of many symbols with holes of random length. */
    static List<Candle> generated(long seed, int symbols, int minutes) {
        Random random = new Random(seed);
        List<Candle> candles = new ArrayList<>();
        for (int symbol = 0; symbol < symbols; symbol++) {
            String source = symbol % 3 == 0 ? "kraken" : "binance";
            for (int minute = 0; minute < minutes; minute++) {
                if (random.nextInt(50) == 0) {
                    minute += random.nextInt(30);
                }
                long price = 1 + random.nextInt(1_000_000);
                candles.add(new Candle(
                        source,
                        "GEN" + symbol + "-USDT",
                        START_MS + minute * 60_000L,
                        List.of(
                                price + ".5",
                                price + 9 + ".123456789012345678",
                                Long.toString(price),
                                price + ".000001",
                                "0." + random.nextInt(1_000_000_000))));
            }
        }
        return candles;
    }

    private static Candle candle(String source, String symbol, long tsMs, String[] fields, int first) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            BigDecimal exact = new BigDecimal(fields[first + i].strip());
            // A few sizes were written from floats with more decimals than there are.
            numbers.add(exact.setScale(Math.min(18, Math.max(0, exact.scale())), java.math.RoundingMode.HALF_EVEN)
                    .toPlainString());
        }
        return new Candle(source, symbol, tsMs, numbers);
    }

    private static List<String> lines(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    static Envelope bar(RawFolder raw, Candle candle, long sequence) {
        long openTime = candle.tsMs() * 1_000_000L;
        return raw.head("bars-1m", candle.symbol(), 1, sequence, openTime + 61_000_000_000L)
                .setSource(candle.source())
                .setExchangeTime(openTime + 60_000_000_000L)
                .setBar(Bar.newBuilder()
                        .setTimeframe("1m")
                        .setOpenTime(openTime)
                        .setOpen(decimal(candle, 0))
                        .setHigh(decimal(candle, 1))
                        .setLow(decimal(candle, 2))
                        .setClose(decimal(candle, 3))
                        .setVolume(decimal(candle, 4))
                        .setTradeCount(1)
                        .setComplete(true)
                        .setVendor(candle.source()))
                .build();
    }

    private static com.google.protobuf.ByteString decimal(Candle candle, int number) {
        return Events.decimal(Decimal38.of(candle.numbers().get(number)));
    }

    /** Seals them as bars of one edge; segments hold a part of each series. */
    static void seal(Path lakeRoot, List<Candle> candles) throws IOException {
        RawFolder raw = new RawFolder(lakeRoot, "pi-1");
        Map<String, List<Envelope>> segments = new LinkedHashMap<>();
        Map<String, Long> sequences = new LinkedHashMap<>();
        for (Candle candle : candles) {
            String stream = candle.source() + "\n" + candle.symbol();
            long sequence = sequences.merge(stream, 1L, Long::sum) - 1;
            segments.computeIfAbsent(stream + "\n" + sequence / 5_000, key -> new ArrayList<>())
                    .add(bar(raw, candle, sequence));
        }
        long ordinal = 1;
        for (List<Envelope> segment : segments.values()) {
            raw.segment(ordinal++, segment);
        }
        Lakes.export(lakeRoot, "pi-1");
    }

    /** The same as a CSV that DuckDB reads by itself. */
    static void csv(Path file, List<Candle> candles) throws IOException {
        StringBuilder text = new StringBuilder("source,symbol,ts_ms,open,high,low,close,volume\n");
        for (Candle candle : candles) {
            text.append(candle.source())
                    .append(',')
                    .append(candle.symbol())
                    .append(',')
                    .append(candle.tsMs());
            candle.numbers().forEach(number -> text.append(',').append(number));
            text.append('\n');
        }
        Files.writeString(file, text);
    }

    /** So many alerts near candles, between them, far from all, and of instruments that are not there. */
    static void alerts(Path file, long seed, List<Candle> candles, int count) throws IOException {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder("alert_id,note,source,symbol,ts_ms,score\n");
        for (int i = 0; i < count; i++) {
            Candle near = candles.get(random.nextInt(candles.size()));
            String symbol = random.nextInt(40) == 0 ? "NOT-THERE" : near.symbol();
            long tsMs = random.nextInt(20) == 0 ? 1_000_000_000_000L + i : near.tsMs() + random.nextInt(4_000_000);
            text.append("a-")
                    .append(i)
                    .append(",\"said \"\"x\"\", then y\",")
                    .append(near.source())
                    .append(',');
            text.append(symbol)
                    .append(',')
                    .append(tsMs)
                    .append(',')
                    .append(i % 7 == 0 ? "" : "0." + i)
                    .append('\n');
        }
        Files.writeString(file, text);
    }

    static Path config(Path file, String... fields) throws IOException {
        StringBuilder text = new StringBuilder("{\"version\":1");
        for (int i = 0; i < fields.length; i += 2) {
            text.append(",\"").append(fields[i]).append("\":").append(fields[i + 1]);
        }
        return Files.writeString(file, text.append("}\n"));
    }

    static CandleSources sources(Path lakeRoot) {
        return new CandleSources(
                lakeRoot,
                RawFolder.TENANT,
                () -> {
                    throw new IllegalArgumentException("no database in this test");
                },
                1_000);
    }

    static SliceRun.Result slices(Path lakeRoot, Path config, int workers) throws IOException {
        return new SliceRun(sources(lakeRoot), workers, 1_000_000, Duration.ofSeconds(30), ExportProgress.SILENT)
                .run(config, false);
    }

    static CorpusRun.Result corpus(Path lakeRoot, Path config, int workers) throws IOException {
        return new CorpusRun(sources(lakeRoot), workers, Duration.ofSeconds(30), ExportProgress.SILENT)
                .run(config, false);
    }
}
