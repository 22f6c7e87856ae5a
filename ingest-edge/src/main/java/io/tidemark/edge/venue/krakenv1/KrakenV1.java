package io.tidemark.edge.venue.krakenv1;

import io.tidemark.edge.feed.FeedSettings;
import io.tidemark.edge.feed.VenueProtocol;
import io.tidemark.edge.venue.PlanReader;
import io.tidemark.edge.venue.SocketPlan;
import io.tidemark.edge.venue.kraken.KrakenNames;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Kraken, protocol v1: {@code kraken-v1}. */
public final class KrakenV1 implements VenueProtocol {
    public static final KrakenV1 PROTOCOL = new KrakenV1();

    static final String BOOK = "book";
    static final String OHLC = "ohlc-";
    static final int MOST_DEPTH = 1000;
    private static final List<Integer> DEPTHS = List.of(10, 25, 100, 500, MOST_DEPTH);
    private static final Set<String> STREAMS = Set.of("trade", "spread", "ticker", BOOK);
    private static final Set<String> MINUTES = Set.of("1", "5", "15", "30", "60", "240", "1440", "10080", "21600");
    private static final Pattern SYMBOL = Pattern.compile("[A-Z0-9.]{1,16}/[A-Z0-9.]{1,16}");
    /** Beyond this a connection gets slow to begin with; the venue names no limit. */
    private static final int MOST_SYMBOLS = 300;

    private KrakenV1() {}

    @Override
    public String label() {
        return "kraken-v1";
    }

    @Override
    public SocketPlan plan(String feed, FeedSettings settings, Consumer<String> mistakes) {
        PlanReader reader = new PlanReader(feed, settings, mistakes);
        return new SocketPlan(
                feed,
                reader.socket("wss://ws.kraken.com", ""),
                reader.rest("https://api.kraken.com"),
                reader.symbols(label(), SYMBOL, "XBT/USD", MOST_SYMBOLS, KrakenNames::normalise),
                reader.streams(
                        List.of("trade", "spread", "ticker", BOOK),
                        name -> STREAMS.contains(name)
                                || (name.startsWith(OHLC) && MINUTES.contains(name.substring(OHLC.length()))),
                        "trade, spread, ticker, book, ohlc-1, ohlc-5, ..."),
                reader.depth(DEPTHS),
                (plan, recorder, random) -> new KrakenV1Venue(plan, recorder));
    }

    /** Each stream of one symbol list is one request. */
    static String request(SocketPlan plan, boolean subscribe, String stream, List<String> symbols) {
        String subscription = "{\"name\":\"" + stream + "\"}";
        if (stream.equals(BOOK)) {
            subscription = "{\"name\":\"book\",\"depth\":" + plan.depth() + "}";
        } else if (stream.startsWith(OHLC)) {
            subscription = "{\"name\":\"ohlc\",\"interval\":" + stream.substring(OHLC.length()) + "}";
        }
        return "{\"event\":\"" + (subscribe ? "subscribe" : "unsubscribe") + "\",\"pair\":"
                + io.tidemark.edge.venue.Subscriptions.list(symbols) + ",\"subscription\":" + subscription + "}";
    }
}
