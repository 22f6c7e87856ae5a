package io.tidemark.edge.venue.coinbaseadvanced;

import io.tidemark.edge.feed.VenueContract;
import io.tidemark.edge.feed.VenueProtocol;
import java.util.List;
import java.util.Map;

class CoinbaseAdvancedContractTest extends VenueContract {
    private long sequence;
    private long id = 1068572090;

    @Override
    protected VenueProtocol protocol() {
        return CoinbaseAdvanced.PROTOCOL;
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("symbols", "BTC-USD,ETH-USD");
    }

    @Override
    protected Map<String, String> moreSettings() {
        return Map.of("symbols", "BTC-USD,ETH-USD,SOL-USD");
    }

    @Override
    protected String symbol() {
        return "BTC-USD";
    }

    private String message(String channel, String events) {
        return "{\"channel\":\"" + channel + "\",\"timestamp\":\"2026-08-09T21:05:48.228568804Z\",\"sequence_num\":"
                + sequence++ + ",\"events\":[" + events + "]}";
    }

    @Override
    protected List<String> beginning() {
        sequence = 0;
        return List.of(
                message("subscriptions", "{\"subscriptions\":{\"market_trades\":[\"BTC-USD\",\"ETH-USD\"]}}"),
                message(
                        "l2_data",
                        "{\"type\":\"snapshot\",\"product_id\":\"BTC-USD\",\"updates\":[{\"side\":\"bid\",\"event_time\":"
                                + "\"2026-08-09T21:05:48.170326Z\",\"price_level\":\"65083.66\",\"new_quantity\":\"0.2\"}]}"));
    }

    @Override
    protected String trade(String price, String size) {
        return trade("BTC-USD", price, size);
    }

    private String trade(String product, String price, String size) {
        return message(
                "market_trades",
                "{\"type\":\"update\",\"trades\":[{\"product_id\":\"" + product + "\",\"trade_id\":\"" + ++id
                        + "\",\"price\":\"" + price + "\",\"size\":\"" + size
                        + "\",\"time\":\"2026-08-09T21:05:42.514318Z\",\"side\":\"SELL\"}]}");
    }

    @Override
    protected List<String> samples() {
        return List.of(
                trade("65083.67", "0.002186"),
                message(
                        "ticker",
                        "{\"type\":\"update\",\"tickers\":[{\"type\":\"ticker\",\"product_id\":\"BTC-USD\","
                                + "\"price\":\"65086.18\",\"volume_24_h\":\"2867.54532609\",\"low_24_h\":\"64675.22\","
                                + "\"high_24_h\":\"65252.99\",\"price_percent_chg_24_h\":\"-0.09601107287722\","
                                + "\"best_bid\":\"65083.66\",\"best_ask\":\"65083.67\",\"best_bid_quantity\":\"0.20371215\","
                                + "\"best_ask_quantity\":\"0.24290402\"}]}"),
                message(
                        "l2_data",
                        "{\"type\":\"update\",\"product_id\":\"BTC-USD\",\"updates\":[{\"side\":\"offer\",\"event_time\":"
                                + "\"2026-08-09T21:05:48.264069Z\",\"price_level\":\"65106.54\",\"new_quantity\":\"0\"}]}"),
                message(
                        "candles",
                        "{\"type\":\"update\",\"candles\":[{\"start\":\"1786309500\",\"high\":\"1919.6\",\"low\":\"1919.27\","
                                + "\"open\":\"1919.58\",\"close\":\"1919.41\",\"volume\":\"36.36630914\","
                                + "\"product_id\":\"ETH-USD\"}]}"),
                message(
                        "heartbeats",
                        "{\"current_time\":\"2026-08-09 21:05:48.854840045 +0000 UTC m=+41691.260485341\","
                                + "\"heartbeat_counter\":41691}"));
    }

    @Override
    protected String unknownSymbol() {
        return trade("XRP-USD", "1", "1");
    }

    @Override
    protected String unknownType() {
        return message("something_new", "{\"type\":\"update\"}");
    }
}
