package io.tidemark.edge.venue.binance;

import io.tidemark.edge.feed.FeedSettings;
import io.tidemark.edge.feed.VenueProtocol;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** The two exchanges that speak this protocol, and the quote currencies of their symbols. */
public enum BinanceSite implements VenueProtocol {
    BINANCE(
            "wss://stream.binance.com:9443",
            "https://api.binance.com",
            "USDT USDC FDUSD TUSD BUSD USDP USDS USD1 DAI PAX VAI UST BTC ETH BNB XRP TRX DOGE DOT SOL EUR "
                    + "GBP TRY BRL AUD JPY RUB UAH NGN ZAR PLN RON ARS MXN CZK COP IDRT BIDR BKRW BVND AEUR EURI USDE "
                    + "RLUSD XUSD BFUSD CAD CHF KZT"),
    BINANCEUS("wss://stream.binance.us:9443", "https://api.binance.us", "USD USDT USDC BUSD DAI BTC ETH BNB");

    private final String socket;
    private final String rest;
    /** Separated by spaces. */
    private final String quotes;

    BinanceSite(String socket, String rest, String quotes) {
        this.socket = socket;
        this.rest = rest;
        this.quotes = quotes;
    }

    @Override
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public BinancePlan plan(String feed, FeedSettings settings, Consumer<String> mistakes) {
        return BinancePlan.of(feed, settings, this, mistakes);
    }

    public String socketAddress() {
        return socket;
    }

    public String restAddress() {
        return rest;
    }

    /** {@code BTC-USDT} for {@code BTCUSDT}, by the longest quote currency that fits; nothing where none does. */
    public Optional<String> normalise(String venueSymbol) {
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
