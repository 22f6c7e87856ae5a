package io.tidemark.edge.venue;

import io.tidemark.edge.feed.FeedSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Reads a feed's settings for a venue, and tells every mistake with its property's name. */
public final class PlanReader {
    private static final Pattern NORMALISED = Pattern.compile("[A-Z0-9.]+(-[A-Z0-9.]+)+");

    private final String at;
    private final FeedSettings settings;
    private final Consumer<String> mistakes;

    public PlanReader(String feed, FeedSettings settings, Consumer<String> mistakes) {
        this.at = "edge.feeds." + feed + ".";
        this.settings = settings;
        this.mistakes = mistakes;
    }

    public void mistake(String property, String text) {
        mistakes.accept(at + property + ": " + text);
    }

    /**
     * The symbols and their normalised names.
     *
     * @param spelling what a symbol of the venue looks like
     * @param names normalises such a symbol, by the venue's one table
     */
    public Map<String, String> symbols(
            String venue, Pattern spelling, String example, int most, UnaryOperator<String> names) {
        Map<String, String> symbols = new LinkedHashMap<>();
        List<String> wanted = settings.symbols().orElse(List.of());
        if (wanted.isEmpty()) {
            mistake("symbols", "name at least one symbol, such as " + example);
        }
        for (String text : wanted) {
            String symbol = text.strip().toUpperCase(java.util.Locale.ROOT);
            if (!spelling.matcher(symbol).matches()) {
                mistake("symbols", "\"" + text + "\" is no symbol of " + venue + ", such as " + example);
                continue;
            }
            String given = settings.symbolNames().get(symbol);
            if (given != null && !NORMALISED.matcher(given).matches()) {
                mistake("symbol-names." + symbol, "\"" + given + "\" is not of the form BASE-QUOTE");
                continue;
            }
            String normalised = given != null ? given : names.apply(symbol);
            if (symbols.containsKey(symbol) || symbols.containsValue(normalised)) {
                mistake("symbols", "\"" + symbol + "\" (" + normalised + ") is there twice");
            } else {
                symbols.put(symbol, normalised);
            }
        }
        if (symbols.size() > most) {
            mistake(
                    "symbols",
                    symbols.size() + " are more than the " + most
                            + " that one connection should ask for; use several feeds");
        }
        return symbols;
    }

    /** {@code list} tells the known ones. */
    public List<String> streams(List<String> defaults, Predicate<String> known, String list) {
        Set<String> streams = new LinkedHashSet<>();
        List<String> wanted = settings.streams().orElse(defaults);
        for (String text : wanted) {
            String name = text.strip();
            if (!known.test(name)) {
                mistake("streams", "\"" + name + "\" is not known (" + list + ")");
            } else if (!streams.add(name)) {
                mistake("streams", "\"" + name + "\" is there twice");
            }
        }
        if (wanted.isEmpty()) {
            mistake("streams", "name at least one stream of " + list);
        }
        return List.copyOf(streams);
    }

    /** Any depth within what memory allows. */
    public int depth() {
        if (settings.depth() < 5 || settings.depth() > 5000) {
            mistake("depth", settings.depth() + " is not between 5 and 5000");
        }
        return settings.depth();
    }

    /** One of those that the venue has. */
    public int depth(List<Integer> allowed) {
        if (!allowed.contains(settings.depth())) {
            mistake("depth", settings.depth() + " is none of the venue's " + allowed);
        }
        return settings.depth();
    }

    /** The address of the socket; {@code path} is appended where the setting has none. */
    public String socket(String usual, String path) {
        String address = address("url", settings.url().orElse(usual), "ws", "wss");
        try {
            String own = new URI(address).getPath();
            return own == null || own.isEmpty() ? address + path : address;
        } catch (URISyntaxException e) {
            // Told already.
            return address;
        }
    }

    public String rest(String usual) {
        return address("rest-url", settings.restUrl().orElse(usual), "http", "https");
    }

    private String address(String property, String text, String plain, String secure) {
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
        mistake(property, "\"" + text + "\" is no address of the form " + secure + "://host:port");
        return trimmed;
    }
}
