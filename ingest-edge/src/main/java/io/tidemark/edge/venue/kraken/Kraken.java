package io.tidemark.edge.venue.kraken;

import io.tidemark.edge.feed.FeedSettings;
import io.tidemark.edge.feed.VenueProtocol;
import io.tidemark.edge.venue.PlanReader;
import io.tidemark.edge.venue.SocketPlan;
import io.tidemark.edge.venue.Subscriptions;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Kraken, protocol v2: {@code kraken}. */
public final class Kraken implements VenueProtocol {
    public static final Kraken PROTOCOL = new Kraken();

    static final String BOOK = "book";
    static final int MOST_DEPTH = 1000;
    private static final String OHLC = "ohlc-";
    private static final List<Integer> DEPTHS = List.of(10, 25, 100, 500, MOST_DEPTH);
    private static final Set<String> STREAMS = Set.of("trade", "ticker", BOOK);
    private static final Set<String> MINUTES = Set.of("1", "5", "15", "30", "60", "240", "1440", "10080", "21600");
    private static final Pattern SYMBOL = Pattern.compile("[A-Z0-9.]{1,16}/[A-Z0-9.]{1,16}");
    private static final int MOST_SYMBOLS = 300;

    private Kraken() {}

    @Override
    public String label() {
        return "kraken";
    }

    @Override
    public SocketPlan plan(String feed, FeedSettings settings, Consumer<String> mistakes) {
        PlanReader reader = new PlanReader(feed, settings, mistakes);
        return new SocketPlan(
                feed,
                reader.socket("wss://ws.kraken.com", "/v2"),
                reader.rest("https://api.kraken.com"),
                reader.symbols(label(), SYMBOL, "BTC/USD", MOST_SYMBOLS, KrakenNames::normalise),
                reader.streams(
                        List.of("trade", "ticker", BOOK),
                        name -> STREAMS.contains(name)
                                || (name.startsWith(OHLC) && MINUTES.contains(name.substring(OHLC.length()))),
                        "trade, ticker, book, ohlc-1, ohlc-5, ..."),
                reader.depth(DEPTHS),
                (plan, recorder, random) -> new KrakenVenue(plan, recorder));
    }

    /** The ticker is asked for with every change of the top of book, not with trades only. */
    static String request(SocketPlan plan, boolean subscribe, String stream, List<String> symbols) {
        String channel = stream;
        String more = "";
        if (stream.equals(BOOK)) {
            more = ",\"depth\":" + plan.depth();
        } else if (stream.equals("ticker")) {
            more = ",\"event_trigger\":\"bbo\"";
        } else if (stream.startsWith(OHLC)) {
            channel = "ohlc";
            more = ",\"interval\":" + stream.substring(OHLC.length());
        }
        return "{\"method\":\"" + (subscribe ? "subscribe" : "unsubscribe") + "\",\"params\":{\"channel\":\"" + channel
                + "\",\"symbol\":" + Subscriptions.list(symbols) + more + "}}";
    }
}
