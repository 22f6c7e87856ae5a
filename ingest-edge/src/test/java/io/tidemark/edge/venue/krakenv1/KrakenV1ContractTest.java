package io.tidemark.edge.venue.krakenv1;

import io.tidemark.edge.feed.VenueContract;
import io.tidemark.edge.feed.VenueProtocol;
import java.util.List;
import java.util.Map;

class KrakenV1ContractTest extends VenueContract {
    @Override
    protected VenueProtocol protocol() {
        return KrakenV1.PROTOCOL;
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("symbols", "XBT/USD,ETH/XBT");
    }

    @Override
    protected Map<String, String> moreSettings() {
        return Map.of("symbols", "XBT/USD,ETH/XBT,XDG/EUR");
    }

    @Override
    protected String symbol() {
        return "BTC-USD";
    }

    @Override
    protected List<String> beginning() {
        return List.of(
                "{\"connectionID\":18239578009413566319,\"event\":\"systemStatus\",\"status\":\"online\",\"version\":\"1.8.3\"}",
                "{\"channelID\":993,\"channelName\":\"trade\",\"event\":\"subscriptionStatus\",\"pair\":\"XBT/USD\","
                        + "\"status\":\"subscribed\",\"subscription\":{\"name\":\"trade\"}}",
                "[992,{\"as\":[[\"5541.30000\",\"2.50700000\",\"1534614248.123678\"]],"
                        + "\"bs\":[[\"5541.20000\",\"1.52900000\",\"1534614248.765567\"]]},\"book-1000\",\"XBT/USD\"]");
    }

    @Override
    protected String trade(String price, String size) {
        return trade("XBT/USD", price, size);
    }

    private static String trade(String pair, String price, String size) {
        return "[993,[[\"" + price + "\",\"" + size + "\",\"1618678142.557535\",\"s\",\"l\",\"\"]],\"trade\",\"" + pair
                + "\"]";
    }

    @Override
    protected List<String> samples() {
        return List.of(
                trade("354.11000000", "0.89594024"),
                "[0,[\"5698.40000\",\"5700.00000\",\"1542057299.545897\",\"1.01234567\",\"0.98765432\"],\"spread\",\"XBT/USD\"]",
                "[1668,{\"a\":[\"13.253900\",35,\"35.72892241\"],\"b\":[\"13.232900\",185,\"185.18432037\"],"
                        + "\"c\":[\"13.253900\",\"3.71672000\"],\"v\":[\"26560.85364463\",\"72035.05488104\"],"
                        + "\"p\":[\"13.529003\",\"13.734728\"],\"t\":[640,1353],\"l\":[\"13.021800\",\"13.021800\"],"
                        + "\"h\":[\"13.942000\",\"14.211200\"],\"o\":[\"13.804000\",\"13.428300\"]},\"ticker\",\"XBT/USD\"]",
                "[992,{\"a\":[[\"5541.40000\",\"1.00000000\",\"1534614335.345903\"]]},"
                        + "{\"b\":[[\"5541.10000\",\"0.40100000\",\"1534614335.345903\",\"r\"]],\"c\":\"2583817756\"},"
                        + "\"book-1000\",\"XBT/USD\"]",
                "[42,[\"1542057314.748456\",\"1542057360.435743\",\"3586.70000\",\"3586.70000\",\"3586.60000\","
                        + "\"3586.60000\",\"3586.68894\",\"0.03373000\",2],\"ohlc-1\",\"XBT/USD\"]",
                "{\"event\":\"heartbeat\"}");
    }

    @Override
    protected String unknownSymbol() {
        return trade("XRP/USD", "1", "1");
    }

    @Override
    protected String unknownType() {
        return "[42,{\"x\":[[\"1\"]]},\"somethingNew\",\"XBT/USD\"]";
    }
}
