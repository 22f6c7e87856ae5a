package io.tidemark.edge.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.edge.Recordings;
import io.tidemark.edge.feed.Await;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Polled sources against a real server. */
class PollSupervisorTest {
    private static final String FACTS = "/api/xbrl/companyfacts/CIK0001640147.json";

    @TempDir
    Path folder;

    private final PollServer server = new PollServer();

    @AfterEach
    void end() {
        server.close();
    }

    private Map<String, String> with(String... pairs) {
        Map<String, String> all = new HashMap<>(Map.of("url", server.address(), "interval", "1s"));
        all.put("requests-per-second", "10");
        for (int i = 0; i < pairs.length; i += 2) {
            all.put(pairs[i], pairs[i + 1]);
        }
        return all;
    }

    private Map<String, String> edgar(String... more) {
        Map<String, String> all =
                with("ciks", "1640147", "user-agent", "test me@example.com", "symbol-names.1640147", "SNOW");
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    private static byte[] resource(String name) throws Exception {
        try (InputStream in = PollSupervisorTest.class.getResourceAsStream("/poll/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static byte[] recorded(String name) throws Exception {
        try (InputStream in =
                new GZIPInputStream(Files.newInputStream(Recordings.folder().resolve(name)))) {
            return in.readAllBytes();
        }
    }

    private static String decimal(com.google.protobuf.ByteString bytes) {
        return Events.decimal(bytes).toString();
    }

    @Test
    void factsAreRecordedOnceOverAllAnswersAndRestarts() throws Exception {
        byte[] snowflake = recorded("fundamentals/sec/companyfacts-snowflake.json.gz");
        server.at(FACTS, PollServer.tagged("\"one\"", snowflake));
        try (PollRig rig = new PollRig(folder, "edgar", edgar())) {
            rig.await("two answers", status -> status.requests() >= 2);
            assertEquals(8_163, rig.poll.status().records());
            assertTrue(rig.poll.status().fresh());
            Await.until(
                    "written",
                    () -> rig.poll.decoded().equals(rig.store.totals("edgar").channels()));
        }
        PollServer.Asked first = server.asked().get(0);
        assertEquals("test me@example.com", first.userAgent());
        assertEquals("null", first.ifNoneMatch());
        assertEquals("\"one\"", server.asked().get(1).ifNoneMatch());
        assertEquals("Tue, 25 Feb 2025 11:12:39 GMT", server.asked().get(1).ifModifiedSince());

        // After a restart: first the same answer by its tag, then one that knows no tags and has one fact more.
        int before = server.asked().size();
        byte[] more = new String(snowflake, StandardCharsets.UTF_8)
                .replaceFirst(
                        "\\{\\s*\"end\"",
                        "{\"end\":\"2026-01-31\",\"val\":-1.5E1,\"accn\":\"new\",\"fy\":2027,\"fp\":\"Q1\",\"form\":\"10-Q\","
                                + "\"filed\":\"2026-11-19\"},{\"end\"")
                .getBytes(StandardCharsets.UTF_8);
        try (PollRig rig = new PollRig(folder, "edgar", edgar())) {
            rig.await("an answer", status -> status.requests() >= 1);
            assertEquals("\"one\"", server.asked().get(before).ifNoneMatch());
            assertEquals(0, rig.poll.status().records());
            server.at(FACTS, PollServer.ok(more));
            rig.await("the new fact", status -> status.records() == 1);
            assertEquals(8_163, rig.poll.status().duplicates());
            List<Envelope> facts = rig.events("fundamentals");
            Envelope last = facts.get(facts.size() - 1);
            assertEquals("-15", decimal(last.getFundamental().getValue()));
            assertEquals("SNOW", last.getSymbol());
            assertEquals("CIK0001640147", last.getVenueSymbol());
            assertEquals("rest", last.getConnector());
        }
        try (PollRig rig = new PollRig(folder, "edgar", edgar())) {
            rig.await("an answer", status -> status.requests() >= 1 && status.lastSuccess() > 0);
            assertEquals(0, rig.poll.status().records());
            assertEquals(8_164, rig.events("fundamentals").size());
            assertEquals(2, rig.events("frames").size());
            assertEquals(FACTS, rig.events("frames").get(0).getFrame().getRequest());
            assertEquals(
                    com.google.protobuf.ByteString.copyFrom(more),
                    rig.events("frames").get(1).getFrame().getPayload());
        }
    }

    @Test
    void aNumberThatDoesNotFitSpoilsItsRecordOnlyAndIsQuarantinedOnce() throws Exception {
        String text = "{\"cik\":1640147,\"facts\":{\"us-gaap\":{\"A\":{\"label\":null,\"units\":{\"USD\":["
                + "{\"end\":\"2020-01-31\",\"val\":1,\"accn\":\"a\",\"filed\":\"2020-02-01\"},"
                + "{\"end\":\"2020-02-29\",\"val\":NaN,\"accn\":\"b\",\"filed\":\"2020-03-01\"},"
                + "{\"end\":\"2020-03-31\",\"val\":0.1234567890123456785,\"accn\":\"c\",\"filed\":\"2020-04-01\"},"
                + "{\"end\":\"2020-02-30\",\"val\":4,\"accn\":\"d\",\"filed\":\"2020-04-01\"}]}}}}%s}";
        AtomicInteger turn = new AtomicInteger();
        server.at(FACTS, request -> request.response().end(String.format(text, ",\"turn\":" + turn.incrementAndGet())));
        try (PollRig rig = new PollRig(folder, "edgar", edgar())) {
            rig.await("three answers", status -> status.requests() >= 3 && status.lastSuccess() > 0);
            assertEquals(1, rig.poll.status().records());
            assertEquals(3, rig.poll.status().quarantined());
        }
        String kept = Files.readString(folder.resolve("quarantine/edgar/frames-0.ndjson"));
        assertTrue(kept.contains("us-gaap:A in USD: val: \\\"NaN\\\" is no number"), kept);
        assertTrue(kept.contains("has more than 18 decimals"), kept);
        assertTrue(kept.contains("end: \\\"2020-02-30\\\" is no day"), kept);
        try (PollRig rig = new PollRig(folder, "edgar", edgar("on-bad-number", "round"))) {
            rig.await("the rounded one", status -> status.rounded() == 1);
            Envelope rounded = rig.events("fundamentals").get(1);
            assertTrue(rounded.getFundamental().getRounded());
            assertEquals(
                    "0.123456789012345678", decimal(rounded.getFundamental().getValue()));
            assertEquals(0, rig.poll.status().quarantined());
        }
    }

    @Test
    void aServerInTroubleIsLeftAloneAndThenAskedAgain() throws Exception {
        byte[] good = resource("rss.xml");
        server.next(PollServer.status(429, "1"));
        server.next(PollServer.status(503, ""));
        server.next(PollServer.cut(good));
        server.next(request -> request.response().end("<html><body>maintenance</body></html>"));
        server.next(request -> request.response().end("x".repeat(3 << 20)));
        server.next(PollServer::hang);
        server.at("/rss", PollServer.ok(good));
        try (PollRig rig = new PollRig(
                folder, "news", with("feeds", server.address() + "/rss", "timeout", "2s", "max-answer-size", "2M"))) {
            rig.await("the news", status -> status.records() == 3);
            rig.await("all is well", status -> status.problem() == null && status.fresh());
            List<PollServer.Asked> asked = server.asked();
            assertTrue(asked.size() >= 7);
            assertTrue(asked.get(1).nanos() - asked.get(0).nanos() >= 1_000_000_000L, "asked again too early");
            assertEquals(2, rig.poll.status().quarantined());
            assertEquals(2, rig.events("frames").size());
        }
    }

    @Test
    void newsOfBothKindsAreReadAndNothingOutsideTheFeedIs() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        server.at("/rss", PollServer.ok(resource("rss.xml")));
        server.at("/again", PollServer.ok(resource("rss.xml")));
        server.at("/atom", PollServer.ok(resource("atom.xml")));
        server.at(
                "/evil",
                PollServer.ok(
                        "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY x SYSTEM \"" + secret.toUri()
                                + "\">]><rss><channel><title>t</title><item><guid>evil</guid><title>&x;</title></item></channel></rss>"));
        server.at(
                "/bomb",
                PollServer.ok("<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
                        + "<rss><channel><item><guid>bomb</guid><title>&b;</title></item></channel></rss>"));
        String at = server.address();
        try (PollRig rig = new PollRig(
                folder.resolve("data"),
                "news",
                with(
                        "feeds",
                        at + "/rss," + at + "/again," + at + "/atom," + at + "/evil," + at + "/bomb",
                        "symbols",
                        "X"))) {
            rig.await("all feeds", status -> status.requests() >= 5 && status.quarantined() >= 2);
            rig.await("all feeds", status -> status.requests() >= 6);
            List<Envelope> news = rig.events("news");
            assertEquals(5, news.size(), news::toString);
            Envelope first = news.get(0);
            assertEquals("Größe & Maß <b>fett</b>", first.getNews().getTitle());
            assertEquals("urn:1", first.getNews().getItemId());
            assertEquals("A feed", first.getNews().getPublisher());
            assertEquals(List.of("X"), first.getNews().getSymbolsList());
            assertEquals(1_740_481_959_000_000_000L, first.getExchangeTime());
            // A zone of RFC 822, and a date that is none.
            assertEquals(1_740_481_959_000_000_000L, news.get(1).getExchangeTime());
            assertFalse(news.get(2).hasExchangeTime());
            Envelope filing = news.get(3);
            assertEquals(
                    "8-K - Example Inc. (0000000001) (Filer)", filing.getNews().getTitle());
            assertEquals("https://www.example.com/1-index.htm", filing.getNews().getLink());
            assertEquals(1_740_517_959_000_000_000L, filing.getExchangeTime());
            assertTrue(news.stream().noneMatch(event -> event.toString().contains("secret")));
        }
    }

    /** The shape of Deribit's documentation: none of its answers is recorded. */
    @Test
    void optionsOfDeribitHaveTheirContractsAndGreeks() throws Exception {
        server.at("/api/v2/public/get_instruments", PollServer.ok(resource("deribit-instruments.json")));
        server.at("/api/v2/public/get_book_summary_by_currency", PollServer.ok(resource("deribit-summary.json")));
        server.at("/api/v2/public/ticker", PollServer.ok(resource("deribit-ticker.json")));
        try (PollRig rig =
                new PollRig(folder, "deribit", with("currencies", "BTC", "contracts", "BTC-26DEC25-100000-C"))) {
            rig.await("two rounds", status -> status.requests() >= 5);
            List<Envelope> options = rig.events("options");
            assertEquals(3, options.size(), options::toString);
            Envelope call = options.get(0);
            assertEquals("BTC-USD", call.getSymbol());
            assertEquals("BTC-26DEC25-100000-C", call.getOption().getContract());
            assertEquals(1_766_736_000_000_000_000L, call.getOption().getExpiry());
            assertEquals("100000.0", decimal(call.getOption().getStrike()));
            assertEquals("0.0615", decimal(call.getOption().getBidPrice()));
            assertEquals("0.4873", decimal(call.getOption().getImpliedVolatility()));
            assertEquals(1_751_328_000_123_000_000L, call.getExchangeTime());
            Envelope put = options.get(1);
            assertFalse(put.getOption().hasBidPrice());
            Envelope ticker = options.get(2);
            assertEquals("-31.92171", decimal(ticker.getOption().getTheta()));
            assertEquals("0.00001", decimal(ticker.getOption().getGamma()));
            assertEquals("25.3", decimal(ticker.getOption().getBidSize()));
            assertEquals(1, rig.poll.status().quarantined());
        }
    }

    @Test
    void candlesAreTakenWhenClosedAndTheNextRunGoesOnBehindTheLast() throws Exception {
        Candles candles = new Candles(2_345);
        server.at("/api/v3/klines", candles);
        Map<String, String> settings =
                with("symbols", "BTCUSDT", "history", "3000d", "vendor", "binance-native", "requests-per-second", "50");
        try (PollRig rig = new PollRig(folder, "klines", settings)) {
            rig.await("all closed candles", status -> status.records() == 2_344);
            candles.now.addAndGet(3);
            rig.await("three more", status -> status.records() == 2_347);
        }
        candles.now.addAndGet(1_500);
        try (PollRig rig = new PollRig(folder, "klines", settings)) {
            rig.await("the candles of the time between", status -> status.records() == 1_500);
            List<Envelope> bars = rig.events("bars-native-1m");
            Set<Long> opens = new HashSet<>();
            for (Envelope bar : bars) {
                assertTrue(opens.add(bar.getBar().getOpenTime()));
                assertEquals(bar.getExchangeTime(), bar.getBar().getOpenTime());
            }
            assertEquals(3_847, opens.size());
            assertEquals("binance-native", bars.get(0).getBar().getVendor());
            assertEquals("61234.10000000", decimal(bars.get(0).getBar().getOpen()));
            assertEquals("BTC-USDT", bars.get(0).getSymbol());
            assertEquals(
                    0,
                    rig.events("gaps").stream()
                            .filter(gap -> gap.getGap().getGapChannel().startsWith("bars"))
                            .count());
            // Two candles that the exchange never gives.
            candles.hole = candles.now.get() + 1;
            candles.now.addAndGet(5);
            rig.await("the hole's other side", status -> status.records() == 1_500 + 3 + 1);
            Envelope gap = rig.events("gaps").get(rig.events("gaps").size() - 1);
            assertEquals(
                    120_000_000_000L, gap.getGap().getToTime() - gap.getGap().getFromTime());
        }
    }

    @Test
    void aHangingServerDoesNotHoldUpAnotherSourceAndASlowFamilyStretchesItsOwn() throws Exception {
        try (PollServer hanging = new PollServer()) {
            hanging.at("/rss", PollServer::hang);
            AtomicInteger turn = new AtomicInteger();
            server.at(
                    "/rss",
                    request -> request.response()
                            .end("<rss><channel><title>t</title><item><guid>g" + turn.incrementAndGet()
                                    + "</guid><title>t</title></item></channel></rss>"));
            try (PollRig slow = new PollRig(
                            folder.resolve("a"), "news", with("feeds", hanging.address() + "/rss", "timeout", "60s"));
                    PollRig quick =
                            new PollRig(folder.resolve("b"), "news", with("feeds", server.address() + "/rss"))) {
                quick.await("news", status -> status.records() >= 3);
                assertEquals(0, slow.poll.status().records());
                slow.poll.askToStop();
                Await.until("stopped", () -> slow.poll.status().state() == PollStatus.State.STOPPED);
            }
            try (PollRig limited = new PollRig(
                    folder.resolve("c"), "news", with("feeds", server.address() + "/rss"), new HostGate(), 0.01)) {
                limited.await("stretched", status -> status.interval().toSeconds() == 100);
            }
        }
    }

    @Test
    void aPackedAnswerIsUnpackedAndABombIsNot() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(new byte[10 << 20]);
        }
        byte[] bomb = packed.toByteArray();
        packed.reset();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(resource("rss.xml"));
        }
        byte[] good = packed.toByteArray();
        server.next(request ->
                request.response().putHeader("Content-Encoding", "gzip").end(io.vertx.core.buffer.Buffer.buffer(bomb)));
        server.at(
                "/rss",
                request -> request.response()
                        .putHeader("Content-Encoding", "gzip")
                        .end(io.vertx.core.buffer.Buffer.buffer(good)));
        try (PollRig rig = new PollRig(
                folder, "news", with("feeds", server.address() + "/rss", "max-answer-size", "1M", "interval", "1s"))) {
            rig.await("news", status -> status.records() == 3);
            Await.until("a session event", () -> rig.poll.decoded().getOrDefault("sessions", 0L) > 0);
            Envelope down = rig.events("sessions").get(0);
            assertEquals(
                    SessionChange.SESSION_CHANGE_CONNECTED, down.getSession().getChange());
            assertNotNull(rig.poll.status());
        }
    }

    /** Minutes from a fixed one on, as Binance answers; the last one is open. */
    static final class Candles implements java.util.function.Consumer<HttpServerRequest> {
        private static final long FIRST = 1_600_000_020_000L;
        final AtomicLong now;
        volatile long hole = Long.MAX_VALUE;

        Candles(long count) {
            now = new AtomicLong(count);
        }

        @Override
        public void accept(HttpServerRequest request) {
            long from = Long.parseLong(request.getParam("startTime"));
            int limit = Integer.parseInt(request.getParam("limit"));
            StringBuilder out = new StringBuilder("[");
            int rows = 0;
            long count = now.get();
            for (long i = 0; i < count && rows < limit; i++) {
                long open = FIRST + i * 60_000;
                if (open < from || i == hole || i == hole + 1) {
                    continue;
                }
                out.append(rows++ == 0 ? "" : ",")
                        .append("[" + open + ",\"61234.10000000\",\"61300.00000000\",\"61200.5\",\"61250\",\"1." + i
                                + "\"," + (open + 59_999) + ",\"123.4\"," + i + ",\"0.5\",\"30.1\",\"0\"]");
            }
            request.response().end(out.append(']').toString());
        }
    }
}
