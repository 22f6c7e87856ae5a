package io.tidemark.edge.poll;

import io.tidemark.contracts.event.Channel;
import io.tidemark.edge.poll.deribit.DeribitOptions;
import io.tidemark.edge.poll.edgar.CompanyFacts;
import io.tidemark.edge.poll.edgar.EdgarFacts;
import io.tidemark.edge.poll.klines.BinanceKlines;
import io.tidemark.edge.poll.news.NewsFeeds;
import io.tidemark.edge.venue.binance.BinanceSite;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a polled source's settings into its plan, or says what is wrong with them. */
public final class PollPlans {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final Pattern SYMBOL = Pattern.compile("[A-Z0-9]{2,32}");
    private static final Pattern CONTRACT = Pattern.compile("[A-Za-z0-9_.-]{3,64}");
    private static final Pattern CIK = Pattern.compile("[0-9]{1,10}");
    private static final Set<String> BINANCE_INTERVALS =
            Set.of("1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w");
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final int SMALLEST_ANSWER = 1 << 10;
    private static final int LARGEST_ANSWER = 64 << 20;

    private final String at;
    private final PollSettings settings;
    private final Numbers numbers;
    private final InstantSource clock;
    private final Consumer<String> mistakes;

    private PollPlans(
            String name, PollSettings settings, Numbers numbers, InstantSource clock, Consumer<String> mistakes) {
        this.at = "edge.polls." + name + ".";
        this.settings = settings;
        this.numbers = numbers;
        this.clock = clock;
        this.mistakes = mistakes;
    }

    /** One sentence per mistake goes to {@code mistakes}; the plan is only to be used when there was none. */
    public static Optional<PollPlan> of(
            String name, PollSettings settings, InstantSource clock, Consumer<String> mistakes) {
        if (!NAME.matcher(name).matches()) {
            mistakes.accept("edge.polls: \"" + name + "\" may only have small letters, digits and dashes");
            return Optional.empty();
        }
        Numbers.Rule rule = Numbers.Rule.of(settings.onBadNumber()).orElse(null);
        if (rule == null) {
            mistakes.accept("edge.polls." + name + ".on-bad-number: \"" + settings.onBadNumber()
                    + "\" is neither reject nor round");
        }
        Numbers numbers = new Numbers(rule == null ? Numbers.Rule.REJECT : rule);
        return Optional.ofNullable(new PollPlans(name, settings, numbers, clock, mistakes).plan(name));
    }

    private @Nullable PollPlan plan(String name) {
        String kind = settings.kind().orElse(name);
        PollSource source;
        Duration usual = Duration.ofMinutes(1);
        double perSecond = 5;
        switch (kind) {
            case "deribit" -> source = deribit();
            case "edgar" -> {
                source = edgar();
                usual = Duration.ofHours(6);
                perSecond = 8;
            }
            case "news" -> {
                source = news();
                usual = Duration.ofMinutes(5);
            }
            case "klines" -> source = klines(name);
            default -> {
                mistakes.accept(at + "kind: \"" + kind + "\" is not known (deribit, edgar, news, klines)");
                return null;
            }
        }
        Duration interval = settings.interval().orElse(usual);
        range("interval", interval, SHORTEST, LONGEST);
        range("timeout", settings.timeout(), Duration.ofMillis(100), Duration.ofMinutes(5));
        double rate = settings.requestsPerSecond().orElse(perSecond);
        double most = kind.equals("edgar") ? EdgarFacts.MOST_PER_SECOND : 100;
        if (!(rate > 0) || rate > most) {
            mistakes.accept(at + "requests-per-second: " + rate + " is not above 0 and at most " + most);
        }
        long answer = settings.maxAnswerSize().asLongValue();
        if (answer < SMALLEST_ANSWER || answer > LARGEST_ANSWER) {
            mistakes.accept(at + "max-answer-size: " + answer + " bytes are not between 1K and 64M");
        }
        String agent = settings.userAgent().orElse("tidemark-edge");
        if (agent.isBlank() || !agent.chars().allMatch(c -> c >= ' ' && c < 127)) {
            mistakes.accept(at + "user-agent: it may only have printable ASCII characters");
        }
        return new PollPlan(
                name,
                kind,
                source,
                interval,
                settings.timeout(),
                (int) Math.min(LARGEST_ANSWER, Math.max(SMALLEST_ANSWER, answer)),
                agent,
                Math.min(most, rate > 0 ? rate : perSecond));
    }

    private void range(String property, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            mistakes.accept(at + property + ": " + value + " is not between " + least + " and " + most);
        }
    }

    private String address(String usual) {
        String url = settings.url().orElse(usual);
        return uri("url", url) == null ? usual : url;
    }

    private @Nullable URI uri(String property, String text) {
        try {
            URI uri = URI.create(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        mistakes.accept(at + property + ": \"" + text + "\" is no address such as https://host/path");
        return null;
    }

    private List<String> list(String property, Optional<List<String>> given, Pattern form, String such) {
        List<String> all = given.orElse(List.of());
        if (all.isEmpty()) {
            mistakes.accept(at + property + ": names nothing; such as " + such);
        }
        List<String> good = new ArrayList<>();
        for (String one : all) {
            if (!form.matcher(one).matches()) {
                mistakes.accept(at + property + ": \"" + one + "\" is none; such as " + such);
            } else if (good.contains(one)) {
                mistakes.accept(at + property + ": " + one + " is there twice");
            } else {
                good.add(one);
            }
        }
        return good;
    }

    private PollSource deribit() {
        List<String> contracts = settings.contracts().orElse(List.of());
        return new DeribitOptions(
                address("https://www.deribit.com"),
                list("currencies", settings.currencies(), SYMBOL, "BTC"),
                contracts.isEmpty()
                        ? List.of()
                        : list("contracts", settings.contracts(), CONTRACT, "BTC-26DEC25-100000-C"),
                numbers,
                clock);
    }

    private PollSource edgar() {
        String agent = settings.userAgent().orElse("");
        if (!agent.contains("@")) {
            mistakes.accept(at + "user-agent: must be set with a contact, as the SEC demands; such as "
                    + "\"my-desk me@example.com\"");
        }
        Map<String, String> companies = new LinkedHashMap<>();
        for (String cik : list("ciks", settings.ciks(), CIK, "320193")) {
            String company = CompanyFacts.venueSymbol(Long.parseLong(cik));
            if (companies.put(company, settings.symbolNames().getOrDefault(cik, company)) != null) {
                mistakes.accept(at + "ciks: " + cik + " is there twice");
            }
        }
        return new EdgarFacts(address("https://data.sec.gov"), companies, numbers);
    }

    private PollSource news() {
        List<URI> feeds = new ArrayList<>();
        List<String> given = settings.feeds().orElse(List.of());
        if (given.isEmpty()) {
            mistakes.accept(at + "feeds: names nothing; such as https://example.com/rss.xml");
        }
        for (String feed : given) {
            URI uri = uri("feeds", feed);
            if (uri != null && feeds.contains(uri)) {
                mistakes.accept(at + "feeds: " + feed + " is there twice");
            } else if (uri != null) {
                feeds.add(uri);
            }
        }
        return new NewsFeeds(feeds, settings.symbols().orElse(List.of()));
    }

    private PollSource klines(String name) {
        String address = address(BinanceSite.BINANCE.restAddress());
        BinanceSite site = address.contains("binance.us") ? BinanceSite.BINANCEUS : BinanceSite.BINANCE;
        Map<String, String> symbols = new LinkedHashMap<>();
        for (String symbol : list("symbols", settings.symbols(), SYMBOL, "BTCUSDT")) {
            Optional<String> normal =
                    Optional.ofNullable(settings.symbolNames().get(symbol)).or(() -> site.normalise(symbol));
            if (normal.isEmpty()) {
                mistakes.accept(at + "symbols: the quote currency of " + symbol
                        + " is not known; name it in symbol-names, such as " + symbol + ": BASE-QUOTE");
            } else if (symbols.containsValue(normal.get())) {
                mistakes.accept(at + "symbol-names: " + normal.get() + " is there twice");
            } else {
                symbols.put(symbol, normal.get());
            }
        }
        List<String> intervals = new ArrayList<>();
        for (String interval : settings.intervals()) {
            if (!BINANCE_INTERVALS.contains(interval)
                    || !Channel.INTERVAL.matcher(interval).matches()) {
                mistakes.accept(at + "intervals: \"" + interval + "\" is none of Binance's up to 1w");
            } else if (intervals.contains(interval)) {
                mistakes.accept(at + "intervals: " + interval + " is there twice");
            } else {
                intervals.add(interval);
            }
        }
        range("history", settings.history(), Duration.ZERO, Duration.ofDays(3660));
        return new BinanceKlines(
                address,
                symbols,
                intervals,
                settings.vendor().orElse(name + "-native"),
                settings.history(),
                numbers,
                clock);
    }
}
