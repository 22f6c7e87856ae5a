package io.tidemark.edge.venue.okx;

import io.tidemark.edge.feed.VenueContract;
import io.tidemark.edge.feed.VenueProtocol;
import java.util.List;
import java.util.Map;

class OkxContractTest extends VenueContract {
    private long id = 7849;

    @Override
    protected VenueProtocol protocol() {
        return Okx.PROTOCOL;
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("symbols", "BTC-USDT,UNI-USD-SWAP");
    }

    @Override
    protected Map<String, String> moreSettings() {
        return Map.of("symbols", "BTC-USDT,UNI-USD-SWAP,BTC-USD-220527");
    }

    @Override
    protected String symbol() {
        return "BTC-USDT";
    }

    @Override
    protected List<String> beginning() {
        return List.of(
                "{\"event\":\"subscribe\",\"arg\":{\"channel\":\"trades\",\"instId\":\"BTC-USDT\"}}",
                "{\"arg\":{\"channel\":\"books\",\"instId\":\"BTC-USDT\"},\"action\":\"snapshot\",\"data\":[{"
                        + "\"asks\":[[\"30238.8\",\"2\",\"0\",\"1\"]],\"bids\":[[\"30210.4\",\"4\",\"0\",\"1\"]],"
                        + "\"ts\":\"1652459225464\",\"checksum\":0,\"seqId\":10,\"prevSeqId\":-1}]}");
    }

    @Override
    protected String trade(String price, String size) {
        return trade("BTC-USDT", price, size);
    }

    private String trade(String instrument, String price, String size) {
        return "{\"arg\":{\"channel\":\"trades\",\"instId\":\"" + instrument + "\"},\"data\":[{\"instId\":\""
                + instrument
                + "\",\"tradeId\":\"" + ++id + "\",\"px\":\"" + price + "\",\"sz\":\"" + size
                + "\",\"side\":\"buy\",\"ts\":\"1652459199958\"}]}";
    }

    @Override
    protected List<String> samples() {
        return List.of(
                trade("30218.8", "1"),
                "{\"arg\":{\"channel\":\"tickers\",\"instId\":\"BTC-USDT\"},\"data\":[{\"instType\":\"SPOT\","
                        + "\"instId\":\"BTC-USDT\",\"last\":\"30218.8\",\"lastSz\":\"1\",\"askPx\":\"30220.1\",\"askSz\":\"3\","
                        + "\"bidPx\":\"\",\"bidSz\":\"\",\"open24h\":\"29571.4\",\"high24h\":\"31003.3\",\"low24h\":\"27930.8\","
                        + "\"sodUtc0\":\"28935.3\",\"sodUtc8\":\"30320.5\",\"volCcy24h\":\"2620.289\",\"vol24h\":\"779573\","
                        + "\"ts\":\"1652459223003\"}]}",
                "{\"arg\":{\"channel\":\"bbo-tbt\",\"instId\":\"BTC-USDT\"},\"data\":[{\"asks\":[[\"8446\",\"95\",\"0\",\"3\"]],"
                        + "\"bids\":[[\"8445\",\"12\",\"0\",\"1\"]],\"ts\":\"1597026383085\",\"seqId\":363996337}]}",
                "{\"arg\":{\"channel\":\"books\",\"instId\":\"BTC-USDT\"},\"action\":\"update\",\"data\":[{"
                        + "\"asks\":[[\"30238.8\",\"0\",\"0\",\"0\"]],\"bids\":[],\"ts\":\"1652459225564\",\"checksum\":0,"
                        + "\"seqId\":11,\"prevSeqId\":10}]}",
                "{\"arg\":{\"channel\":\"candle1m\",\"instId\":\"BTC-USDT\"},\"data\":[[\"1597026360000\",\"3.721\","
                        + "\"3.743\",\"3.677\",\"3.708\",\"8422410\",\"22698348.04\",\"12698348.04\",\"1\"]]}",
                "{\"arg\":{\"channel\":\"funding-rate\",\"instId\":\"BTC-USDT\"},\"data\":[{\"instType\":\"SWAP\","
                        + "\"instId\":\"BTC-USDT\",\"fundingRate\":\"-0.0001875391284828\",\"fundingTime\":\"1700726400000\","
                        + "\"nextFundingRate\":\"\",\"ts\":\"1700724675402\"}]}",
                "{\"arg\":{\"channel\":\"mark-price\",\"instId\":\"BTC-USDT\"},\"data\":[{\"instType\":\"MARGIN\","
                        + "\"instId\":\"BTC-USDT\",\"markPx\":\"42310.6\",\"ts\":\"1630049139746\"}]}",
                "{\"arg\":{\"channel\":\"open-interest\",\"instId\":\"BTC-USDT\"},\"data\":[{\"instType\":\"SWAP\","
                        + "\"instId\":\"BTC-USDT\",\"oi\":\"2216113.01\",\"oiCcy\":\"22161.1301\",\"ts\":\"1743041250440\"}]}",
                "pong");
    }

    @Override
    protected String unknownSymbol() {
        return trade("XRP-USDT", "1", "1");
    }

    @Override
    protected String unknownType() {
        return "{\"arg\":{\"channel\":\"something-new\",\"instId\":\"BTC-USDT\"},\"data\":[]}";
    }
}
