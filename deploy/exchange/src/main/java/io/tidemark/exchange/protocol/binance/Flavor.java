package io.tidemark.exchange.protocol.binance;

/**
 * Which of Binance's markets is spoken. USD-M futures (source: Binance USDⓈ-M futures API
 * documentation, "WebSocket Market Streams", "How to manage a local order book correctly", "Order
 * Book") differ in paths, limits, the times in messages, and in that a depth change follows the one
 * whose last id is its {@code pu}.
 */
enum Flavor {
    SPOT(new String[] {"/api/v3", "/api/v1"}, 100, 5_000, 5),
    USD_M(new String[] {"/fapi/v1"}, 500, 1_000, 10);

    final int defaultLevels;
    final int mostLevels;
    final int requestsPerSecond;
    private final String[] apis;

    Flavor(String[] apis, int defaultLevels, int mostLevels, int requestsPerSecond) {
        this.apis = apis;
        this.defaultLevels = defaultLevels;
        this.mostLevels = mostLevels;
        this.requestsPerSecond = requestsPerSecond;
    }

    /** What is asked for at a REST path, such as {@code /depth}; empty if the path is another market's. */
    String call(String path) {
        for (String api : apis) {
            if (path.startsWith(api + "/")) {
                return path.substring(api.length());
            }
        }
        return "";
    }

    /** The path of a socket without the routes that futures have had in front of it since 2026. */
    String socketPath(String path) {
        if (this == USD_M) {
            for (String route : new String[] {"/public", "/market"}) {
                if (path.startsWith(route + "/")) {
                    return path.substring(route.length());
                }
            }
        }
        return path;
    }
}
