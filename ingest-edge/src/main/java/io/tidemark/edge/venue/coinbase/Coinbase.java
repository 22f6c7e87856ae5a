package io.tidemark.edge.venue.coinbase;

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

/** Coinbase Exchange: {@code coinbase}. Its products are BASE-QUOTE as they are. */
public final class Coinbase implements VenueProtocol {
    public static final Coinbase PROTOCOL = new Coinbase();

    /** {@code level2} needs an account's signature, the other two do not; their messages are the same. */
    static final List<String> BOOKS = List.of("level2_batch", "level2", "level2_50");

    private static final Set<String> OTHERS = Set.of("matches", "ticker", "ticker_batch", "heartbeat");
    private static final Pattern PRODUCT = Pattern.compile("[A-Z0-9]{1,16}-[A-Z0-9]{1,16}");
    private static final int MOST_SYMBOLS = 300;

    private Coinbase() {}

    @Override
    public String label() {
        return "coinbase";
    }

    @Override
    public SocketPlan plan(String feed, FeedSettings settings, Consumer<String> mistakes) {
        PlanReader reader = new PlanReader(feed, settings, mistakes);
        return new SocketPlan(
                feed,
                reader.socket("wss://ws-feed.exchange.coinbase.com", ""),
                reader.rest("https://api.exchange.coinbase.com"),
                reader.symbols("Coinbase", PRODUCT, "BTC-USD", MOST_SYMBOLS, UnaryOperator.identity()),
                reader.streams(
                        List.of("matches", "ticker", "level2_batch"),
                        name -> OTHERS.contains(name) || BOOKS.contains(name),
                        "matches, ticker, ticker_batch, level2_batch, level2, level2_50, heartbeat"),
                reader.depth(),
                (plan, recorder, random) -> new CoinbaseVenue(plan, recorder));
    }

    static String request(SocketPlan plan, boolean subscribe, String stream, List<String> symbols) {
        return "{\"type\":\"" + (subscribe ? "subscribe" : "unsubscribe") + "\",\"product_ids\":"
                + Subscriptions.list(symbols) + ",\"channels\":[\"" + stream + "\"]}";
    }
}
