package io.tidemark.edge.venue.binance;

import io.tidemark.edge.feed.VenueContract;
import io.tidemark.edge.feed.VenueProtocol;
import java.util.List;
import java.util.Map;

class BinanceContractTest extends VenueContract {
    private long id = 100;

    @Override
    protected VenueProtocol protocol() {
        return BinanceSite.BINANCE;
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("symbols", "BTCUSDT,ETHBTC");
    }

    @Override
    protected Map<String, String> moreSettings() {
        return Map.of("symbols", "BTCUSDT,ETHBTC,SOLUSDT");
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
        return "{\"stream\":\"" + symbol.toLowerCase(java.util.Locale.ROOT)
                + "@trade\",\"data\":{\"e\":\"trade\",\"E\":1723161255343,\"s\":\"" + symbol + "\",\"t\":" + ++id
                + ",\"p\":\"" + price + "\",\"q\":\"" + size + "\",\"T\":1723161255342,\"m\":true,\"M\":true}}";
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
                "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"u\":50093239212,\"s\":\"BTCUSDT\",\"b\":\"61837.63000000\","
                        + "\"B\":\"3.78826000\",\"a\":\"61837.64000000\",\"A\":\"1.54698000\"}}",
                "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":1723161255343,\"s\":\"BTCUSDT\","
                        + "\"U\":157,\"u\":160,\"b\":[[\"0.0024\",\"10\"]],\"a\":[[\"0.0026\",\"100\"]]}}",
                "{\"result\":null,\"id\":1}");
    }
}
