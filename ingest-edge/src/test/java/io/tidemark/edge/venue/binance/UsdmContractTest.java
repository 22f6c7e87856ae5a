package io.tidemark.edge.venue.binance;

import io.tidemark.edge.feed.VenueContract;
import io.tidemark.edge.feed.VenueProtocol;
import java.util.List;
import java.util.Map;

class UsdmContractTest extends VenueContract {
    private long id = 100;

    @Override
    protected VenueProtocol protocol() {
        return BinanceSite.BINANCE_USDM;
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("symbols", "BTCUSDT,ETHUSDC", "streams", "trade,bookTicker,depth@0ms,markPrice@1s");
    }

    @Override
    protected Map<String, String> moreSettings() {
        return Map.of(
                "symbols", "BTCUSDT,ETHUSDC,BTCUSDT_240927", "streams", "trade,bookTicker,depth@0ms,markPrice@1s");
    }

    @Override
    protected String symbol() {
        return "BTC-USDT";
    }

    @Override
    protected List<String> beginning() {
        return List.of();
    }

    @Override
    protected String trade(String price, String size) {
        return trade("BTCUSDT", price, size);
    }

    private String trade(String symbol, String price, String size) {
        return "{\"stream\":\"x@trade\",\"data\":{\"e\":\"trade\",\"E\":1723161256322,\"T\":1723161256322,\"s\":\""
                + symbol + "\",\"t\":" + ++id + ",\"p\":\"" + price + "\",\"q\":\"" + size
                + "\",\"X\":\"MARKET\",\"m\":false}}";
    }

    @Override
    protected String unknownSymbol() {
        return trade("XRPUSDT", "1", "1");
    }

    @Override
    protected String unknownType() {
        return "{\"stream\":\"btcusdt@other\",\"data\":{\"e\":\"somethingNew\",\"E\":1723161255343,\"s\":\"BTCUSDT\"}}";
    }

    @Override
    protected List<String> samples() {
        return List.of(
                trade("61837.63", "1"),
                "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"e\":\"bookTicker\",\"u\":5123107839020,\"s\":\"BTCUSDT\","
                        + "\"b\":\"61800.20\",\"B\":\"2.507\",\"a\":\"61800.30\",\"A\":\"2.510\",\"T\":1723161256313,"
                        + "\"E\":1723161256313}}",
                "{\"stream\":\"btcusdt@depth@0ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":1723161256299,\"T\":1723161256298,"
                        + "\"s\":\"BTCUSDT\",\"U\":5123107832006,\"u\":5123107837557,\"pu\":5123107831937,"
                        + "\"b\":[[\"58710.20\",\"0.014\"]],\"a\":[]}}",
                "{\"stream\":\"btcusdt@markPrice@1s\",\"data\":{\"e\":\"markPriceUpdate\",\"E\":1562305380000,\"s\":\"BTCUSDT\","
                        + "\"p\":\"11794.15000000\",\"i\":\"11784.62659091\",\"P\":\"11784.25641265\",\"r\":\"-0.00038167\","
                        + "\"T\":1562306400000}}");
    }
}
