package io.tidemark.store;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.OptionRight;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.stack.Bars;
import io.tidemark.store.stack.Facts;
import io.tidemark.store.stack.RecordedFacts;
import io.tidemark.store.stack.Rig;
import io.tidemark.store.stack.Writer;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every table under the one contract, and what is particular to each. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class SinksIT {
    private static final long SECONDS_PER_DAY = 86_400;

    @TempDir
    static Path dir;

    private static Rig rig;
    private static Writer writer;

    @BeforeAll
    static void startEverything() throws Exception {
        rig = new Rig(dir);
        writer = Writer.start(rig, Map.of()).awaitReady();
    }

    @AfterAll
    static void stopEverything() {
        if (writer != null) {
            writer.close();
        }
        rig.close();
    }

    /** With the rig of this class. */
    abstract static class OnTheRig extends SinkContract {
        @Override
        Rig rig() {
            return rig;
        }

        @Override
        Writer writer() {
            return writer;
        }

        final Envelope changed(Consumer<Envelope.Builder> change) {
            Envelope.Builder event = event("POISON", Bars.AUGUST, "1");
            change.accept(event);
            return event.build();
        }
    }

    /** Bars, of which the primary table decides. */
    abstract static class BarTables extends OnTheRig {
        @Override
        Topics topic() {
            return Topics.BARS;
        }

        @Override
        String nameColumn() {
            return "symbol";
        }

        @Override
        Envelope.Builder event(String name, long time, String value) {
            return Bars.bar(prefix() + name, time, value);
        }

        @Override
        void rank(Envelope.Builder event, int rank) {
            event.getBarBuilder().setTradeCount(rank);
        }

        @Override
        Map<String, Envelope> impossible(String name) {
            Map<String, Envelope> bad = new LinkedHashMap<>();
            bad.put("impossible-bar", changed(event -> event.getBarBuilder().setHigh(Events.decimal("0.9"))));
            bad.put("impossible-bar2", changed(event -> event.getBarBuilder().setVolume(Events.decimal("-1"))));
            bad.put("decimal", changed(event -> event.getBarBuilder().setClose(tooPrecise())));
            bad.put("missing-field3", changed(event -> event.getBarBuilder().clearVendor()));
            bad.put("time-out-of-range", changed(event -> event.getBarBuilder().setOpenTime(-1_000_000)));
            bad.put("time-out-of-range2", changed(event -> event.getBarBuilder().setOpenTime(tooFarAhead())));
            return bad;
        }
    }

    private static void mode(String mode) throws Exception {
        rig.execute("UPDATE store_mode SET mode = '" + mode + "', epoch = epoch + 1 WHERE mode <> '" + mode + "'");
    }

    @Nested
    class LegacyBars extends BarTables {
        @BeforeEach
        void primary() throws Exception {
            mode("DUAL_LEGACY");
        }

        @Override
        String prefix() {
            return "L-";
        }

        @Override
        String table() {
            return "bars";
        }

        @Override
        String valueColumn() {
            return "close_price";
        }
    }

    @Nested
    class ProviderBars extends BarTables {
        @BeforeEach
        void primary() throws Exception {
            mode("DUAL_PROVIDER");
        }

        @Override
        String prefix() {
            return "P-";
        }

        @Override
        String table() {
            return "bars_ohlcv";
        }

        @Override
        String valueColumn() {
            return "close";
        }
    }

    @Nested
    class Options extends OnTheRig {
        @Override
        Topics topic() {
            return Topics.OPTIONS;
        }

        @Override
        String table() {
            return "options";
        }

        @Override
        String nameColumn() {
            return "contract";
        }

        @Override
        String valueColumn() {
            return "bid_price";
        }

        @Override
        Envelope.Builder event(String name, long time, String value) {
            return Facts.option(name, time, value);
        }

        @Override
        void rank(Envelope.Builder event, int rank) {
            event.setReceiveTime(event.getReceiveTime() + rank);
        }

        @Override
        Map<String, Envelope> impossible(String name) {
            Map<String, Envelope> bad = new LinkedHashMap<>();
            bad.put("decimal", changed(event -> event.getOptionBuilder().setDelta(tooPrecise())));
            bad.put("missing-field3", changed(event -> event.getOptionBuilder().clearContract()));
            bad.put("missing-field4", changed(event -> event.getOptionBuilder().clearStrike()));
            bad.put(
                    "missing-field5",
                    changed(event -> event.getOptionBuilder().setRight(OptionRight.OPTION_RIGHT_UNKNOWN)));
            bad.put("missing-field6", changed(event -> event.getOptionBuilder().clearExpiry()));
            bad.put("negative", changed(event -> event.getOptionBuilder().setVolume(Events.decimal("-1"))));
            bad.put("time-out-of-range", changed(event -> event.setExchangeTime(-1)));
            bad.put("time-out-of-range2", changed(event -> event.setExchangeTime(tooFarAhead())));
            return bad;
        }

        @Test
        void aRecordedChainIsThereOncePerMoment() throws Exception {
            for (int moment = 0; moment < 2; moment++) {
                List<Envelope> chain = RecordedFacts.optionChain(
                        "options/yahoo/options-AAPL.json.gz", Bars.AUGUST + moment * Bars.SECOND);
                send(chain);
                send(chain);
            }
            Assertions.assertEquals(
                    List.of("call|54|2", "put|48|2"),
                    rig().ask("SELECT option_right, count(DISTINCT contract), count(DISTINCT ts) FROM options"
                            + " WHERE source = 'yahoo' GROUP BY option_right ORDER BY option_right"));
        }
    }

    @Nested
    class Fundamentals extends OnTheRig {
        @Override
        Topics topic() {
            return Topics.FUNDAMENTALS;
        }

        @Override
        String table() {
            return "fundamentals";
        }

        @Override
        String nameColumn() {
            return "concept";
        }

        @Override
        String valueColumn() {
            return "value";
        }

        @Override
        Envelope.Builder event(String name, long time, String value) {
            return Facts.fundamental(name, (int) (time / Bars.SECOND / SECONDS_PER_DAY), value);
        }

        @Override
        void rank(Envelope.Builder event, int rank) {
            event.setReceiveTime(event.getReceiveTime() + rank);
        }

        @Override
        Map<String, Envelope> impossible(String name) {
            Map<String, Envelope> bad = new LinkedHashMap<>();
            bad.put("decimal", changed(event -> event.getFundamentalBuilder().setValue(tooPrecise())));
            bad.put(
                    "missing-field3",
                    changed(event -> event.getFundamentalBuilder().clearAccession()));
            bad.put(
                    "missing-field4",
                    changed(event -> event.getFundamentalBuilder().clearValue()));
            bad.put(
                    "impossible-fact",
                    changed(event -> event.getFundamentalBuilder().setPeriodStart(19_950)));
            bad.put(
                    "time-out-of-range",
                    changed(event -> event.getFundamentalBuilder().setFiled(-1)));
            bad.put(
                    "time-out-of-range2",
                    changed(event -> event.getFundamentalBuilder().setFiled(40_000)));
            bad.put(
                    "time-out-of-range3",
                    changed(event -> event.getFundamentalBuilder().setPeriodEnd(Integer.MAX_VALUE)));
            return bad;
        }

        @Test
        void aCompanysRecordedFactsAreAllThereAndExact() throws Exception {
            List<Envelope> facts =
                    RecordedFacts.companyFacts("fundamentals/sec/companyfacts-snowflake.json.gz", "SNOW-RECORDED");
            send(facts);
            send(facts.subList(0, 3_000));
            BigDecimal sum = facts.stream()
                    .map(fact ->
                            Events.decimal(fact.getFundamental().getValue()).toBigDecimal())
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            Assertions.assertEquals(
                    List.of("8163|" + sum.stripTrailingZeros().toPlainString()),
                    rig().ask("SELECT count(*), trim_scale(sum(value)) FROM fundamentals"
                            + " WHERE symbol = 'SNOW-RECORDED'"));
        }

        @Test
        void theSameFactOfSeveralFilingsIsSeveralRows() throws Exception {
            send(List.of(
                    event("Revised", Bars.AUGUST, "10").build(),
                    event("Revised", Bars.AUGUST + 90 * SECONDS_PER_DAY * Bars.SECOND, "11")
                            .build()));
            Assertions.assertEquals(List.of("10.000000000000000000", "11.000000000000000000"), values("Revised"));
        }
    }

    @Nested
    class News extends OnTheRig {
        @Override
        Topics topic() {
            return Topics.NEWS;
        }

        @Override
        String table() {
            return "news";
        }

        @Override
        String nameColumn() {
            return "title";
        }

        @Override
        String valueColumn() {
            return "sentiment";
        }

        /** An item stands once, so its id has the time in it. */
        @Override
        Envelope.Builder event(String name, long time, String value) {
            Envelope.Builder event = Facts.news(name + "-" + time, time, value);
            event.getNewsBuilder().setTitle(name);
            return event;
        }

        @Override
        void rank(Envelope.Builder event, int rank) {
            event.setReceiveTime(event.getReceiveTime() + rank);
        }

        @Override
        Map<String, Envelope> impossible(String name) {
            Map<String, Envelope> bad = new LinkedHashMap<>();
            bad.put("decimal", changed(event -> event.getNewsBuilder().setSentiment(tooPrecise())));
            bad.put("missing-field3", changed(event -> event.getNewsBuilder().clearItemId()));
            bad.put("nul-in-text2", changed(event -> event.getNewsBuilder().setSummary("a\0b")));
            bad.put("too-long2", changed(event -> event.getNewsBuilder().setTitle("t".repeat(100_001))));
            bad.put("time-out-of-range", changed(event -> event.setExchangeTime(-1)));
            bad.put("time-out-of-range2", changed(event -> event.setExchangeTime(tooFarAhead())));
            return bad;
        }

        @Test
        void recordedItemsAreThereOnce() throws Exception {
            List<Envelope> items = RecordedFacts.newsItems("news/yahoo/search-AAPL.json.gz");
            send(items);
            send(items);
            Assertions.assertEquals(
                    items.stream()
                            .map(item -> item.getNews().getItemId() + "|"
                                    + item.getNews().getTitle())
                            .sorted()
                            .toList(),
                    rig().ask("SELECT item_id, title FROM news WHERE source = 'yahoo' ORDER BY item_id"));
        }

        @Test
        void anItemThatMovesToAnotherTimeStandsOnceInWhateverOrderItsVersionsCome() throws Exception {
            Envelope older = moved(Bars.AUGUST, 1, "1");
            Envelope newer = moved(Bars.AUGUST + 40 * SECONDS_PER_DAY * Bars.SECOND, 2, "2");
            for (List<Envelope> order : List.of(List.of(older, newer), List.of(newer, older))) {
                rig().execute("DELETE FROM news WHERE item_id = 'moving'");
                send(order.subList(0, 1));
                send(order.subList(1, 2));
                Assertions.assertEquals(
                        List.of("2.000000000000000000|2024-09-17 23:54:00+00|{AAPL,MSFT}"),
                        rig().ask("SELECT sentiment, ts, symbols FROM news WHERE item_id = 'moving'"));
            }
        }

        private Envelope moved(long time, int received, String sentiment) {
            return Facts.news("moving", time, sentiment)
                    .setReceiveTime(Bars.AUGUST + received)
                    .build();
        }
    }
}
