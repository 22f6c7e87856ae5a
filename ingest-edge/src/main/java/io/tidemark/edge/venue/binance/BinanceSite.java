package io.tidemark.edge.venue.binance;

import io.tidemark.edge.feed.FeedSettings;
import io.tidemark.edge.feed.VenueProtocol;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The exchanges that speak this protocol, what is different between them, and the quote currencies of their symbols.
 *
 * <p>Sources: Binance spot API documentation ({@code web-socket-streams.md}, {@code rest-api.md}), Binance.US API
 * documentation, and "USDⓈ-M Futures" of the Binance open platform ("Websocket Market Streams", "How to manage a local
 * order book correctly", "Order Book").
 */
public enum BinanceSite implements VenueProtocol {
    BINANCE(
            "wss://stream.binance.com:9443",
            "/api/v3/depth",
            false,
            "https://api.binance.com",
            "USDT USDC FDUSD TUSD BUSD USDP USDS USD1 DAI PAX VAI UST BTC ETH BNB XRP TRX DOGE DOT SOL EUR "
                    + "GBP TRY BRL AUD JPY RUB UAH NGN ZAR PLN RON ARS MXN CZK COP IDRT BIDR BKRW BVND AEUR EURI USDE "
                    + "RLUSD XUSD BFUSD CAD CHF KZT"),
    BINANCEUS(
            "wss://stream.binance.us:9443",
            "/api/v3/depth",
            false,
            "https://api.binance.us",
            "USD USDT USDC BUSD DAI BTC ETH BNB"),
    /** Futures: each change of depth names the one before it, whose id it does not follow on. */
    BINANCE_USDM("wss://fstream.binance.com", "/fapi/v1/depth", true, "https://fapi.binance.com", "USDT USDC BUSD BTC");

    private final String socket;
    private final String depthPath;
    private final boolean linked;
    private final String rest;
    /** Separated by spaces. */
    private final String quotes;

    BinanceSite(String socket, String depthPath, boolean linked, String rest, String quotes) {
        this.socket = socket;
        this.depthPath = depthPath;
        this.linked = linked;
        this.rest = rest;
        this.quotes = quotes;
    }

    @Override
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public BinancePlan plan(String feed, FeedSettings settings, Consumer<String> mistakes) {
        return BinancePlan.of(feed, settings, this, mistakes);
    }

    public String socketAddress() {
        return socket;
    }

    String depthPath() {
        return depthPath;
    }

    /** Whether a change of depth follows on its {@code pu} (futures), not on its {@code U} (spot). */
    boolean isLinked() {
        return linked;
    }

    /** The most levels of a side that a depth request may ask for. */
    int mostLevels() {
        return linked ? 1000 : 5000;
    }

    public String restAddress() {
        return rest;
    }

    /**
     * {@code BTC-USDT} for {@code BTCUSDT}, by the longest quote currency that fits; nothing where none does. A future
     * that expires keeps its date: {@code BTC-USDT-240927}.
     */
    public Optional<String> normalise(String venueSymbol) {
        int date = venueSymbol.indexOf('_');
        if (date > 0) {
            return normalise(venueSymbol.substring(0, date)).map(pair -> pair + "-" + venueSymbol.substring(date + 1));
        }
        String best = "";
        for (String quote : quotes.split(" ", -1)) {
            if (venueSymbol.endsWith(quote)
                    && venueSymbol.length() > quote.length()
                    && quote.length() > best.length()) {
                best = quote;
            }
        }
        if (best.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(venueSymbol.substring(0, venueSymbol.length() - best.length()) + "-" + best);
    }
}
