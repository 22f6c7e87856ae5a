package io.tidemark.edge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.feed.Await;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each venue's recording, spoken by the simulated exchange to the packaged edge, which is killed on the way: every frame
 * once, and every kind in the number that the recording has of it.
 */
class VenueRecordingsIT {
    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            kraken-v1 | kraken-v1/KRAKEN.jsonl.zst | ADA/XBT, ETH/CHF, GRT/ETH, KSM/XBT, OCEAN/XBT, OMG/USD, SC/EUR, WAVES/EUR, XBT/CHF, XMR/USD | trade, ticker, book | 4430 | trades=10,book-deltas=4269
            coinbase | coinbase-exchange/COINBASE.ws.28.0.gz | BAND-GBP, CRV-EUR, DASH-BTC, SKL-USD, YFI-BTC | matches, ticker, level2 | 6305 | trades=76,book-deltas=6145,tickers=76
            coinbase-advanced | coinbase-advanced/COINBASE.jsonl.zst | BTC-USD, ETH-USD | level2, ticker, market_trades, candles, heartbeats | 1030 |
            okx | okx-v5/OKX.jsonl.zst | BTC-USDT, BTC-USD-220527, UNI-USD-SWAP | books, trades, tickers | 410 |
            binance-usdm | binance-usdm/btcusdt_20240808.gz | BTCUSDT | trade, bookTicker, depth@0ms | 93953 | trades=21313,quotes=66089,book-deltas=6551
            """)
    void everyFrameOnceAndEveryKindCounted(
            String venue, String file, String symbols, String streams, long frames, @Nullable String counts)
            throws Exception {
        long seed = System.nanoTime();
        System.out.println(venue + " seed " + seed);
        Random random = new Random(seed);
        try (EdgeAndExchange programs = new EdgeAndExchange(folder)) {
            programs.exchange(
                    "exchange",
                    "--venue",
                    venue,
                    "--capture",
                    Recordings.folder().resolve("captures").resolve(file).toString());
            int port = programs.port("exchange");
            programs.settings("""
                    feeds:
                      %s:
                        symbols: [%s]
                        streams: [%s]
                        url: ws://127.0.0.1:%d
                        rest-url: http://127.0.0.1:%d
                        finite: true
                        resume: true
                        reconnect-delay: 100ms
                    """.formatted(venue, symbols, streams, port, port));
            programs.edge();
            long target = 1 + random.nextLong(frames);
            Await.until(
                    () -> programs.log("edge"),
                    () -> feed(programs, venue).path("frames").asLong() >= target);
            programs.kill("edge");
            programs.edge();
            Await.until(
                    () -> programs.log("edge"),
                    () -> feed(programs, venue).path("state").asText().equals("ENDED"));
            JsonNode exchange = programs.get("exchange", "/admin/status");
            JsonNode feed = feed(programs, venue);
            assertEquals(
                    frames
                            + exchange.path("inserted").asLong()
                            - exchange.path("skipped").asLong(),
                    feed.path("frames").asLong(),
                    () -> exchange + "\n" + feed + "\n" + programs.log("exchange") + "\n" + programs.log("edge"));
            assertEquals(exchange.path("emitted").asLong(), feed.path("frames").asLong());
            assertEquals(0, feed.path("book-checks-failed").asLong());
            assertEquals(0, feed.path("quarantined").asLong(), programs.log("edge"));
            for (String count : counts == null ? new String[0] : counts.split(",", -1)) {
                String channel = count.substring(0, count.indexOf('='));
                long expected = Long.parseLong(count.substring(count.indexOf('=') + 1));
                // The last block is written within the write interval.
                Await.until(
                        () -> channel + ": " + programs.status().path("channels"),
                        () -> programs.logged(channel) == expected);
            }
            assertTrue(programs.logged("gaps") <= 1, "at most that of the restart");
            assertEquals(0, programs.stop("edge"), () -> programs.log("edge"));
        }
    }

    private static JsonNode feed(EdgeAndExchange programs, String venue) {
        return programs.status().path("feeds").path(venue);
    }
}
