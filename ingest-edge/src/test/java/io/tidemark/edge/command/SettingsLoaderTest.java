package io.tidemark.edge.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsLoaderTest {
    private static List<String> mistakes(String... pairs) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "edge.name", "pi-1",
                "edge.feeds.binance.symbols", "BTCUSDT,ETHBTC"));
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i + 1].equals("-")) {
                settings.remove(pairs[i]);
            } else {
                settings.put(pairs[i], pairs[i + 1]);
            }
        }
        return SettingsLoader.mistakes(settings);
    }

    @Test
    void aNameAndASourceAreEnough() {
        assertEquals(List.of(), mistakes());
    }

    @Test
    void withoutASourceTheMessageSaysHowToNameOne() {
        List<String> found = mistakes("edge.feeds.binance.symbols", "-");
        assertEquals(1, found.size());
        assertTrue(found.get(0).startsWith("edge.feeds: no source is configured"), found.get(0));
        assertEquals(List.of(), mistakes("edge.feeds.binance.symbols", "-", "edge.connect", "false"));
    }

    @Test
    void moreInstrumentsThanTheMemoryHoldsAreRefused() {
        List<String> found = mistakes("edge.max-instruments", "1");
        assertEquals(
                List.of(
                        "edge.feeds: 2 instruments are more than edge.max-instruments (1), which keeps the memory within"
                                + " bounds; use several edges"),
                found);
        assertEquals(List.of(), mistakes("edge.max-instruments", "2"));
    }

    @Test
    void unknownSettingsOfEveryFeatureAreNamed() {
        assertEquals(
                List.of(
                        "edge.bars.x: there is no such setting",
                        "edge.feeds.binance.symbls: there is no such setting",
                        "edge.forward.x: there is no such setting",
                        "edge.log.x: there is no such setting",
                        "edge.rate.x: there is no such setting",
                        "edge.segment.x: there is no such setting",
                        "edge.x: there is no such setting"),
                mistakes(
                                "edge.x", "1",
                                "edge.log.x", "1",
                                "edge.bars.x", "1",
                                "edge.forward.x", "1",
                                "edge.rate.x", "1",
                                "edge.segment.x", "1",
                                "edge.feeds.binance.symbls", "1")
                        .stream()
                        .sorted()
                        .toList());
    }

    @Test
    void everyMistakeIsToldAtOnceWithItsProperty() {
        List<String> found = mistakes(
                "edge.nam", "x",
                "edge.name", "-",
                "edge.tenant", "a/b",
                "edge.bars.intervals", "1s,90m,1x,1s",
                "edge.bars.bar-lateness", "1h",
                "edge.log.batch-size", "0",
                "edge.feeds.binance.symbols", "BTCUSDT,FOOBAR,btcusdt,B!",
                "edge.feeds.binance.streams", "trade,everything",
                "edge.feeds.binance.url", "http://x",
                "edge.feeds.binance.depth", "1",
                "edge.feeds.binance.reconnect-delay", "0s",
                "edge.feeds.nowhere.symbols", "X");
        for (String property : List.of(
                "edge.nam: ",
                "edge.name: ",
                "edge.tenant: ",
                "edge.bars.intervals: bar interval \"90m\"",
                "edge.bars.intervals: not a bar interval: \"1x\"",
                "edge.bars.intervals: an interval is there twice",
                "edge.bars.bar-lateness: ",
                "edge.log.batch-size",
                "edge.feeds.binance.symbols: the quote currency of \"FOOBAR\"",
                "edge.feeds.binance.symbols: \"BTCUSDT\" (BTC-USDT) is there twice",
                "edge.feeds.binance.symbols: \"B!\"",
                "edge.feeds.binance.streams: \"everything\"",
                "edge.feeds.binance.url: ",
                "edge.feeds.binance.depth: ",
                "edge.feeds.binance.reconnect-delay: 0s is not between 0.001s and 1m",
                "edge.feeds.nowhere.venue: \"nowhere\" is not known")) {
            assertTrue(found.stream().anyMatch(line -> line.startsWith(property)), property + " in " + found);
        }
        assertEquals(16, found.size(), found.toString());
    }

    @Test
    void aValueThatCannotBeReadIsNamed() {
        assertEquals(
                List.of("edge.bars.bar-lateness: \"soon\" is no value for it (Invalid duration: soon)"),
                mistakes("edge.bars.bar-lateness", "soon"));
    }

    @Test
    void aSymbolThatNoTableKnowsCanBeNamed() {
        assertEquals(
                List.of(),
                mistakes(
                        "edge.feeds.binance.symbols", "FOOBAR",
                        "edge.feeds.binance.symbol-names.FOOBAR", "FOO-BAR"));
    }

    @Test
    void eachMistakeOfAPolledSourceIsNamed() {
        assertEquals(
                List.of(
                        "edge.polls.edgar.ciks: \"AAPL\" is none; such as 320193",
                        "edge.polls.edgar.requests-per-second: 11.0 is not above 0 and at most 10.0",
                        "edge.polls.edgar.user-agent: must be set with a contact, as the SEC demands; such as "
                                + "\"my-desk me@example.com\"",
                        "edge.polls.klines.interval: PT0.01S is not between PT1S and PT168H",
                        "edge.polls.klines.intervals: \"7m\" is none of Binance's up to 1w",
                        "edge.polls.klines.on-bad-number: \"guess\" is neither reject nor round",
                        "edge.polls.klines.symbols: the quote currency of BTCXYZ is not known; name it in symbol-names, "
                                + "such as BTCXYZ: BASE-QUOTE",
                        "edge.polls.n.feeds: \"ftp://example.com\" is no address such as https://host/path",
                        "edge.polls.n.max-answer-size: 10 bytes are not between 1K and 64M",
                        "edge.polls.x.kind: \"x\" is not known (deribit, edgar, news, klines)"),
                mistakes(
                                "edge.polls.edgar.ciks", "AAPL",
                                "edge.polls.edgar.requests-per-second", "11",
                                "edge.polls.klines.symbols", "BTCXYZ",
                                "edge.polls.klines.intervals", "7m",
                                "edge.polls.klines.interval", "10ms",
                                "edge.polls.klines.on-bad-number", "guess",
                                "edge.polls.n.kind", "news",
                                "edge.polls.n.feeds", "ftp://example.com",
                                "edge.polls.n.max-answer-size", "10",
                                "edge.polls.x.timeout", "1s")
                        .stream()
                        .sorted()
                        .toList());
        assertEquals(
                List.of("edge.polls.binance: a feed has this name too; each source has a name of its own"),
                mistakes("edge.polls.binance.kind", "klines", "edge.polls.binance.symbols", "BTCUSDT"));
        assertEquals(
                List.of(), mistakes("edge.feeds.binance.symbols", "-", "edge.polls.deribit.currencies", "BTC,ETH"));
    }
}
