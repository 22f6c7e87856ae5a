package io.tidemark.edge.venue.coinbase;

import io.tidemark.edge.feed.VenueContract;
import io.tidemark.edge.feed.VenueProtocol;
import java.util.List;
import java.util.Map;

class CoinbaseContractTest extends VenueContract {
    private long id = 100;

    @Override
    protected VenueProtocol protocol() {
        return Coinbase.PROTOCOL;
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("symbols", "BTC-USD,YFI-BTC");
    }

    @Override
    protected Map<String, String> moreSettings() {
        return Map.of("symbols", "BTC-USD,YFI-BTC,SKL-USD");
    }

    @Override
    protected String symbol() {
        return "BTC-USD";
    }

    @Override
    protected List<String> beginning() {
        return List.of(
                "{\"type\":\"subscriptions\",\"channels\":[{\"name\":\"level2\",\"product_ids\":[\"BTC-USD\",\"YFI-BTC\"]}]}",
                "{\"type\":\"snapshot\",\"product_id\":\"BTC-USD\",\"asks\":[[\"14.8024\",\"12.77\"]],"
                        + "\"bids\":[[\"14.7550\",\"1.0\"]]}",
                match("last_match", "BTC-USD", "14.7775", "0.04"));
    }

    @Override
    protected String trade(String price, String size) {
        return match("match", "BTC-USD", price, size);
    }

    private String match(String type, String product, String price, String size) {
        return "{\"type\":\"" + type + "\",\"trade_id\":" + ++id
                + ",\"maker_order_id\":\"27fff20b-af29-4f45-8744-56dd1ef57dc0\","
                + "\"taker_order_id\":\"1da6ce16-c8da-4732-9f71-6049f4c6aaf8\",\"side\":\"sell\",\"size\":\"" + size
                + "\",\"price\":\"" + price + "\",\"product_id\":\"" + product
                + "\",\"sequence\":333938798,\"time\":\"2021-04-17T16:43:30.244075Z\"}";
    }

    @Override
    protected List<String> samples() {
        return List.of(
                trade("14.7775", "0.04"),
                "{\"type\":\"ticker\",\"sequence\":333938798,\"product_id\":\"BTC-USD\",\"price\":\"14.7775\","
                        + "\"open_24h\":\"14.6647\",\"volume_24h\":\"94381.28000000\",\"low_24h\":\"14.3691\","
                        + "\"high_24h\":\"16.55\",\"volume_30d\":\"2295579.57000000\",\"best_bid\":\"14.7550\","
                        + "\"best_bid_size\":\"1.5\",\"best_ask\":\"14.8060\",\"best_ask_size\":\"2\",\"side\":\"buy\","
                        + "\"time\":\"2021-04-17T16:43:30.244075Z\",\"trade_id\":881613,\"last_size\":\"0.04\"}",
                "{\"type\":\"l2update\",\"product_id\":\"BTC-USD\",\"changes\":[[\"sell\",\"14.8024\",\"0.00\"],"
                        + "[\"buy\",\"14.7550\",\"2.5\"]],\"time\":\"2021-04-17T16:43:37.075351Z\"}",
                "{\"type\":\"heartbeat\",\"sequence\":90,\"last_trade_id\":20,\"product_id\":\"BTC-USD\","
                        + "\"time\":\"2014-11-07T08:19:28.464459Z\"}");
    }

    @Override
    protected String unknownSymbol() {
        return match("match", "XRP-USD", "1", "1");
    }

    @Override
    protected String unknownType() {
        return "{\"type\":\"something_new\",\"product_id\":\"BTC-USD\"}";
    }
}
