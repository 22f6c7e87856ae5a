package io.tidemark.edge.venue.coinbaseadvanced;

import io.tidemark.edge.feed.FeedSettings;
import io.tidemark.edge.feed.VenueProtocol;
import io.tidemark.edge.venue.PlanReader;
import io.tidemark.edge.venue.SocketPlan;
import io.tidemark.edge.venue.Subscriptions;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Coinbase Advanced Trade: {@code coinbase-advanced}. Its products are BASE-QUOTE, some with a suffix. */
public final class CoinbaseAdvanced implements VenueProtocol {
    public static final CoinbaseAdvanced PROTOCOL = new CoinbaseAdvanced();

    static final String BOOK = "level2";
    private static final List<String> DEFAULTS = List.of("market_trades", "ticker", BOOK, "candles", "heartbeats");
    private static final Set<String> STREAMS =
            Set.of("market_trades", "ticker", "ticker_batch", BOOK, "candles", "heartbeats");
    private static final Pattern PRODUCT = Pattern.compile("[A-Z0-9]{1,16}(-[A-Z0-9]{1,16}){1,3}");
    private static final int MOST_SYMBOLS = 300;

    private CoinbaseAdvanced() {}

    @Override
    public String label() {
        return "coinbase-advanced";
    }

    @Override
    public SocketPlan plan(String feed, FeedSettings settings, Consumer<String> mistakes) {
        PlanReader reader = new PlanReader(feed, settings, mistakes);
        return new SocketPlan(
                feed,
                reader.socket("wss://advanced-trade-ws.coinbase.com", ""),
                reader.rest("https://api.coinbase.com"),
                reader.symbols("Coinbase", PRODUCT, "BTC-USD", MOST_SYMBOLS, UnaryOperator.identity()),
                reader.streams(
                        DEFAULTS,
                        STREAMS::contains,
                        "market_trades, ticker, ticker_batch, level2, candles, heartbeats"),
                reader.depth(),
                (plan, recorder, random) -> new CoinbaseAdvancedVenue(plan, recorder));
    }

    static String request(SocketPlan plan, boolean subscribe, String stream, List<String> symbols) {
        return "{\"type\":\"" + (subscribe ? "subscribe" : "unsubscribe") + "\",\"product_ids\":"
                + Subscriptions.list(symbols) + ",\"channel\":\"" + stream + "\"}";
    }
}
