package io.tidemark.edge.venue.kraken;

import io.tidemark.edge.feed.VenueContract;
import io.tidemark.edge.feed.VenueProtocol;
import java.util.List;
import java.util.Map;

class KrakenContractTest extends VenueContract {
    private long id = 4665906;

    @Override
    protected VenueProtocol protocol() {
        return Kraken.PROTOCOL;
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("symbols", "BTC/USD,MATIC/USD", "depth", "10");
    }

    @Override
    protected Map<String, String> moreSettings() {
        return Map.of("symbols", "BTC/USD,MATIC/USD,ETH/BTC", "depth", "10");
    }

    @Override
    protected String symbol() {
        return "BTC-USD";
    }

    @Override
    protected List<String> beginning() {
        return List.of(
                "{\"channel\":\"status\",\"type\":\"update\",\"data\":[{\"version\":\"2.0.4\",\"system\":\"online\","
                        + "\"api_version\":\"v2\",\"connection_id\":18239578009413566319}]}",
                "{\"method\":\"subscribe\",\"result\":{\"channel\":\"book\",\"depth\":10,\"snapshot\":true,"
                        + "\"symbol\":\"BTC/USD\"},\"success\":true,\"time_in\":\"2023-10-06T17:35:55.219022Z\","
                        + "\"time_out\":\"2023-10-06T17:35:55.219067Z\"}",
                DocumentedKrakenTest.BTC_USD);
    }

    @Override
    protected String trade(String price, String size) {
        return trade("BTC/USD", price, size);
    }

    private String trade(String symbol, String price, String size) {
        return "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"" + symbol
                + "\",\"side\":\"sell\",\"price\":"
                + price + ",\"qty\":" + size + ",\"ord_type\":\"market\",\"trade_id\":" + ++id
                + ",\"timestamp\":\"2023-09-25T07:49:37.708706Z\"}]}";
    }

    @Override
    protected List<String> samples() {
        return List.of(
                trade("0.5117", "40.0"),
                "{\"channel\":\"ticker\",\"type\":\"snapshot\",\"data\":[{\"symbol\":\"BTC/USD\",\"bid\":0.10025,"
                        + "\"bid_qty\":740.0,\"ask\":0.10036,\"ask_qty\":1361.44813783,\"last\":0.10035,"
                        + "\"volume\":997038.98383185,\"vwap\":0.10148,\"low\":0.09979,\"high\":0.10285,"
                        + "\"change\":-0.00017,\"change_pct\":-0.17}]}",
                DocumentedKrakenTest.MATIC_USD,
                DocumentedKrakenTest.MATIC_USD_UPDATE,
                "{\"channel\":\"ohlc\",\"type\":\"update\",\"timestamp\":\"2023-10-04T16:26:30.524394914Z\",\"data\":[{"
                        + "\"symbol\":\"MATIC/USD\",\"open\":0.5624,\"high\":0.5628,\"low\":0.5622,\"close\":0.5627,"
                        + "\"trades\":12,\"volume\":30927.68066226,\"vwap\":0.5626,"
                        + "\"interval_begin\":\"2023-10-04T16:25:00.000000000Z\",\"interval\":5,"
                        + "\"timestamp\":\"2023-10-04T16:30:00.000000Z\"}]}",
                "{\"channel\":\"heartbeat\"}");
    }

    @Override
    protected String unknownSymbol() {
        return trade("XRP/USD", "1", "1");
    }

    @Override
    protected String unknownType() {
        return "{\"channel\":\"something_new\",\"type\":\"update\",\"data\":[{\"symbol\":\"BTC/USD\"}]}";
    }
}
