package io.tidemark.edge.venue.kraken;

/** Kraken's own names of currencies, which both its protocols use in part. */
public final class KrakenNames {
    private KrakenNames() {}

    /** {@code BTC-USD} for {@code XBT/USD}. */
    public static String normalise(String venueSymbol) {
        int slash = venueSymbol.indexOf('/');
        return currency(venueSymbol.substring(0, slash)) + "-" + currency(venueSymbol.substring(slash + 1));
    }

    private static String currency(String name) {
        return switch (name) {
            case "XBT" -> "BTC";
            case "XDG" -> "DOGE";
            default -> name;
        };
    }
}
