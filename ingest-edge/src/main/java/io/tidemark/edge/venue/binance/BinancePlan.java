package io.tidemark.edge.venue.binance;

import io.tidemark.edge.feed.EventRecorder;
import io.tidemark.edge.feed.FeedSettings;
import io.tidemark.edge.feed.Venue;
import io.tidemark.edge.feed.VenuePlan;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * What one feed asks of Binance, checked.
 *
 * @param symbols the venue's spelling to BASE-QUOTE, in the order of the settings
 * @param barsFromAggregates only aggregate trades are asked for, so bars are built from them
 */
public record BinancePlan(
        String source,
        BinanceSite site,
        String socket,
        String restAddress,
        Map<String, String> symbols,
        List<String> streams,
        boolean wantsDepth,
        boolean barsFromAggregates,
        int depth)
        implements VenuePlan {
    /** The venue's own limit for one connection. */
    private static final int MAX_STREAMS = 1024;

    private static final List<String> DEFAULT_STREAMS = List.of("trade", "bookTicker", "depth@100ms");

    private static final Pattern VENUE_SYMBOL = Pattern.compile("[A-Z0-9]{2,30}(_[0-9]{6})?");
    private static final Pattern NORMALISED = Pattern.compile("[A-Z0-9.]+(-[A-Z0-9.]+)+");

    /** Tells every mistake to {@code mistakes}; the plan is of use only when there was none. */
    public static BinancePlan of(String feed, FeedSettings settings, BinanceSite site, Consumer<String> mistakes) {
        String at = "edge.feeds." + feed + ".";
        Map<String, String> symbols = symbols(at, settings, site, mistakes);
        List<BinanceStream> streams = streams(at, settings, site, mistakes);
        if (symbols.size() * streams.size() > MAX_STREAMS) {
            mistakes.accept(at + "symbols: " + symbols.size() + " symbols with " + streams.size()
                    + " streams each are more than the " + MAX_STREAMS
                    + " streams that a connection may have; use several feeds");
        }
        if (settings.depth() < 5 || settings.depth() > site.mostLevels()) {
            mistakes.accept(at + "depth: " + settings.depth() + " is not between 5 and " + site.mostLevels());
        }
        String socket = address(at + "url", settings.url().orElse(site.socketAddress()), "ws", "wss", mistakes);
        String rest =
                address(at + "rest-url", settings.restUrl().orElse(site.restAddress()), "http", "https", mistakes);
        boolean trades = has(streams, BinanceStream.Kind.TRADE);
        return new BinancePlan(
                feed,
                site,
                socket,
                rest,
                symbols,
                streams.stream().map(BinanceStream::name).toList(),
                has(streams, BinanceStream.Kind.DEPTH),
                !trades && has(streams, BinanceStream.Kind.AGG_TRADE),
                settings.depth());
    }

    /** {@code btcusdt@trade} and so on, in the order of the settings. */
    List<String> streamNames() {
        return symbols.keySet().stream()
                .flatMap(symbol -> streams.stream().map(stream -> symbol.toLowerCase(Locale.ROOT) + "@" + stream))
                .toList();
    }

    /** With all subscriptions in it. */
    String socketAddress() {
        return socket + "/stream?streams=" + String.join("/", streamNames());
    }

    @Override
    public int instruments() {
        return symbols.size();
    }

    /** "A single connection is only valid for 24 hours." */
    @Override
    public Optional<Duration> connectionMaxAge() {
        return Optional.of(Duration.ofMinutes(23 * 60 + 30));
    }

    @Override
    public Venue open(EventRecorder recorder, RandomGenerator random) {
        return new BinanceVenue(this, recorder, random);
    }

    private static boolean has(List<BinanceStream> streams, BinanceStream.Kind kind) {
        return streams.stream().anyMatch(stream -> stream.kind() == kind);
    }

    private static Map<String, String> symbols(
            String at, FeedSettings settings, BinanceSite site, Consumer<String> mistakes) {
        Map<String, String> symbols = new LinkedHashMap<>();
        List<String> wanted = settings.symbols().orElse(List.of());
        if (wanted.isEmpty()) {
            mistakes.accept(at + "symbols: name at least one symbol, such as BTCUSDT");
        }
        for (String text : wanted) {
            String symbol = text.strip().toUpperCase(Locale.ROOT);
            if (!VENUE_SYMBOL.matcher(symbol).matches()) {
                mistakes.accept(at + "symbols: \"" + text + "\" is no symbol of " + site.label());
                continue;
            }
            String given = settings.symbolNames().get(symbol);
            if (given != null && !NORMALISED.matcher(given).matches()) {
                mistakes.accept(at + "symbol-names." + symbol + ": \"" + given + "\" is not of the form BASE-QUOTE");
                continue;
            }
            String normalised = given != null ? given : site.normalise(symbol).orElse("");
            if (normalised.isEmpty()) {
                mistakes.accept(at + "symbols: the quote currency of \"" + symbol + "\" is not known; name it with "
                        + at + "symbol-names." + symbol + ": BASE-QUOTE");
            } else if (symbols.containsKey(symbol) || symbols.containsValue(normalised)) {
                mistakes.accept(at + "symbols: \"" + symbol + "\" (" + normalised + ") is there twice");
            } else {
                symbols.put(symbol, normalised);
            }
        }
        return symbols;
    }

    private static List<BinanceStream> streams(
            String at, FeedSettings settings, BinanceSite site, Consumer<String> mistakes) {
        List<BinanceStream> streams = new ArrayList<>();
        for (String text : settings.streams().orElse(DEFAULT_STREAMS)) {
            String name = text.strip();
            BinanceStream stream = BinanceStream.of(name, site.isLinked()).orElse(null);
            if (stream == null) {
                mistakes.accept(at + "streams: \"" + name + "\" is not known (trade, aggTrade, bookTicker, depth, "
                        + "depth@100ms, kline_1m, ticker, miniTicker" + (site.isLinked() ? ", markPrice" : "") + ")");
            } else if (streams.contains(stream)
                    || (stream.kind() == BinanceStream.Kind.DEPTH && has(streams, BinanceStream.Kind.DEPTH))) {
                mistakes.accept(at + "streams: \"" + name + "\" is there twice");
            } else {
                streams.add(stream);
            }
        }
        if (streams.isEmpty()) {
            mistakes.accept(at + "streams: name at least one stream, such as trade");
        }
        return streams;
    }

    private static String address(
            String property, String text, String plain, String secure, Consumer<String> mistakes) {
        String trimmed = text.strip();
        while (trimmed.endsWith("/")) {
            trimmed = trimmed.substring(0, trimmed.length() - 1);
        }
        try {
            URI uri = new URI(trimmed);
            if (uri.getHost() != null
                    && uri.getQuery() == null
                    && (plain.equals(uri.getScheme()) || secure.equals(uri.getScheme()))) {
                return trimmed;
            }
        } catch (URISyntaxException e) {
            // Told below, with the property's name.
        }
        mistakes.accept(property + ": \"" + text + "\" is no address of the form " + secure + "://host:port");
        return trimmed;
    }
}
