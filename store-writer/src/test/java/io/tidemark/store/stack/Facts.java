package io.tidemark.store.stack;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Fundamental;
import io.tidemark.contracts.proto.NewsItem;
import io.tidemark.contracts.proto.OptionRight;
import io.tidemark.contracts.proto.OptionSnapshot;

/** Records of options, fundamentals and news as an edge sends them; change what matters. */
public final class Facts {
    private Facts() {}

    private static Envelope.Builder event(String source, String channel, String symbol, long time) {
        return Envelope.newBuilder()
                .setSchemaVersion(1)
                .setTenant("default")
                .setEdge("edge-1")
                .setIncarnation(1)
                .setSource(source)
                .setChannel(channel)
                .setSymbol(symbol)
                .setVenueSymbol(symbol)
                .setConnector("rest")
                .setExchangeTime(time)
                .setReceiveTime(time + Bars.SECOND);
    }

    public static Envelope.Builder option(String contract, long time, String bid) {
        return event("deribit", "options", "BTC-USD", time)
                .setOption(OptionSnapshot.newBuilder()
                        .setContract(contract)
                        .setUnderlying("BTC-USD")
                        .setExpiry(Bars.AUGUST + 30L * 86_400 * Bars.SECOND)
                        .setStrike(Events.decimal("60000"))
                        .setRight(OptionRight.OPTION_RIGHT_PUT)
                        .setBidPrice(Events.decimal(bid)));
    }

    public static Envelope.Builder fundamental(String concept, int filed, String value) {
        return event("sec", "fundamentals", "SNOW", filed * 86_400L * Bars.SECOND)
                .setFundamental(Fundamental.newBuilder()
                        .setTaxonomy("us-gaap")
                        .setConcept(concept)
                        .setUnit("USD")
                        .setPeriodEnd(filed - 40)
                        .setValue(Events.decimal(value))
                        .setAccession("0001640147-24-" + filed)
                        .setFiscalYear(2024)
                        .setFiscalPeriod("Q2")
                        .setForm("10-Q")
                        .setFiled(filed));
    }

    public static Envelope.Builder news(String item, long time, String sentiment) {
        return event("feed", "news", "AAPL", time)
                .setNews(NewsItem.newBuilder()
                        .setItemId(item)
                        .setTitle("Äpfel \uD83D\uDE00")
                        .setPublisher("A publisher")
                        .setLink("https://example.org/" + item)
                        .setSummary("")
                        .addSymbols("AAPL")
                        .addSymbols("MSFT")
                        .setSentiment(Events.decimal(sentiment)));
    }
}
