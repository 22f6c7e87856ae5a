package io.tidemark.edge.venue.okx;

import io.tidemark.edge.feed.FeedSettings;
import io.tidemark.edge.feed.VenueProtocol;
import io.tidemark.edge.venue.PlanReader;
import io.tidemark.edge.venue.SocketPlan;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * OKX v5: {@code okx}. Its instruments are BASE-QUOTE as they are, derivatives with their expiry or SWAP behind it.
 *
 * <p>Candles are on another address of the venue than everything else, so they take a feed of their own.
 */
public final class Okx implements VenueProtocol {
    public static final Okx PROTOCOL = new Okx();

    static final String BOOK = "books";
    private static final Set<String> STREAMS =
            Set.of("trades", "tickers", "bbo-tbt", BOOK, "mark-price", "funding-rate", "open-interest");
    /** Months are no interval here. */
    private static final Pattern CANDLE = Pattern.compile("candle([1-9][0-9]?)([smHDW])(utc)?");

    private static final Pattern INSTRUMENT = Pattern.compile("[A-Z0-9_]{1,24}(-[A-Z0-9_]{1,16}){1,4}");
    private static final String SOCKET = "wss://ws.okx.com:8443";
    private static final String PUBLIC = "/ws/v5/public";
    private static final String BUSINESS = "/ws/v5/business";
    private static final int MOST_SYMBOLS = 300;

    private Okx() {}

    @Override
    public String label() {
        return "okx";
    }

    @Override
    public SocketPlan plan(String feed, FeedSettings settings, Consumer<String> mistakes) {
        PlanReader reader = new PlanReader(feed, settings, mistakes);
        List<String> streams = reader.streams(
                List.of("trades", "bbo-tbt", "tickers", BOOK),
                name -> STREAMS.contains(name) || isCandle(name),
                "trades, tickers, bbo-tbt, books, mark-price, funding-rate, open-interest, candle1m, candle1H, ...");
        long candles = streams.stream().filter(Okx::isCandle).count();
        if (candles > 0 && candles < streams.size() && settings.url().isEmpty()) {
            reader.mistake(
                    "streams",
                    "OKX has candles on another address than the rest; use a feed of their own for them, with venue: okx");
        }
        return new SocketPlan(
                feed,
                reader.socket(SOCKET, candles > 0 ? BUSINESS : PUBLIC),
                reader.rest("https://www.okx.com"),
                reader.symbols("OKX", INSTRUMENT, "BTC-USDT", MOST_SYMBOLS, UnaryOperator.identity()),
                streams,
                reader.depth(),
                (plan, recorder, random) -> new OkxVenue(plan, recorder));
    }

    private static boolean isCandle(String stream) {
        return CANDLE.matcher(stream).matches();
    }

    /** {@code 1m} for {@code candle1m}, {@code 1d} for {@code candle1Dutc}; empty where it is none. */
    static String timeframe(String channel) {
        Matcher candle = CANDLE.matcher(channel);
        return candle.matches() ? candle.group(1) + candle.group(2).toLowerCase(java.util.Locale.ROOT) : "";
    }

    static String request(SocketPlan plan, boolean subscribe, String stream, List<String> symbols) {
        return "{\"op\":\"" + (subscribe ? "subscribe" : "unsubscribe") + "\",\"args\":["
                + symbols.stream()
                        .map(symbol -> "{\"channel\":\"" + stream + "\",\"instId\":\"" + symbol + "\"}")
                        .collect(Collectors.joining(","))
                + "]}";
    }
}
