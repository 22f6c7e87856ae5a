package io.tidemark.edge.pipeline;

import io.tidemark.edge.bars.BarBuilder;
import io.tidemark.edge.bars.BarSettings;
import io.tidemark.edge.feed.FeedSettings;
import io.tidemark.edge.feed.FeedsSettings;
import io.tidemark.edge.poll.PollPlans;
import io.tidemark.edge.poll.PollSettings;
import io.tidemark.edge.poll.PollsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the types of the settings cannot tell: one sentence per mistake, each with its property's name. */
public final class SettingsCheck {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern FEED = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final long MAX_FRAME = 64L << 20;

    private final List<String> mistakes = new ArrayList<>();
    private int instruments;

    private SettingsCheck() {}

    /** {@code others}: what the settings of the other features found. Empty when all is well. */
    public static List<String> mistakes(
            EdgeSettings edge, FeedsSettings feeds, PollsSettings polls, BarSettings bars, List<String> others) {
        SettingsCheck check = new SettingsCheck();
        check.edge(edge, feeds, polls);
        check.bars(bars);
        check.mistakes.addAll(others);
        feeds.feeds().forEach(check::feed);
        check.instruments(edge.maxInstruments());
        polls.polls().forEach((name, poll) -> check.poll(name, poll, feeds));
        return List.copyOf(check.mistakes);
    }

    private void edge(EdgeSettings edge, FeedsSettings feeds, PollsSettings polls) {
        if (!NAME.matcher(edge.name()).matches()) {
            mistakes.add(
                    "edge.name: \"" + edge.name() + "\" may only have letters, digits, dots, dashes and underscores");
        }
        if (!NAME.matcher(edge.tenant()).matches()) {
            mistakes.add("edge.tenant: \"" + edge.tenant()
                    + "\" may only have letters, digits, dots, dashes and underscores");
        }
        Path folder = edge.dataDir().toAbsolutePath();
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            mistakes.add("edge.data-dir: " + folder + " is no folder");
        }
        if (edge.connect() && feeds.feeds().isEmpty() && polls.polls().isEmpty()) {
            mistakes.add("edge.feeds: no source is configured; name one, such as edge.feeds.binance.symbols: BTCUSDT, "
                    + "or set edge.connect: false");
        }
    }

    private void instruments(int most) {
        if (most < 1 || most > 100_000) {
            mistakes.add("edge.max-instruments: " + most + " is not between 1 and 100000");
        } else if (instruments > most) {
            mistakes.add("edge.feeds: " + instruments + " instruments are more than edge.max-instruments (" + most
                    + "), which keeps the memory within bounds; use several edges");
        }
    }

    private void bars(BarSettings bars) {
        for (String interval : bars.intervals()) {
            BarBuilder.mistake(interval).ifPresent(text -> mistakes.add("edge.bars.intervals: " + text));
        }
        if (bars.intervals().stream().distinct().count() != bars.intervals().size()) {
            mistakes.add("edge.bars.intervals: an interval is there twice");
        }
        range("edge.bars.bar-lateness", bars.barLateness(), Duration.ZERO, Duration.ofMinutes(10));
        if (bars.closedBarsKept() < 1 || bars.closedBarsKept() > 10_000) {
            mistakes.add("edge.bars.closed-bars-kept: " + bars.closedBarsKept() + " is not between 1 and 10000");
        }
    }

    private void feed(String name, FeedSettings feed) {
        String at = "edge.feeds." + name + ".";
        if (!FEED.matcher(name).matches()) {
            mistakes.add("edge.feeds: \"" + name + "\" may only have small letters, digits and dashes");
            return;
        }
        String venue = feed.venue().orElse(name);
        Venues.of(venue)
                .ifPresentOrElse(
                        protocol -> instruments +=
                                protocol.plan(name, feed, mistakes::add).instruments(),
                        () -> mistakes.add(at + "venue: \"" + venue + "\" is not known ("
                                + String.join(", ", Venues.names()) + ")"));
        range(at + "reconnect-delay", feed.reconnectDelay(), Duration.ofMillis(1), Duration.ofMinutes(1));
        range(at + "connect-timeout", feed.connectTimeout(), Duration.ofMillis(100), Duration.ofMinutes(5));
        range(at + "transport-timeout", feed.transportTimeout(), Duration.ofSeconds(1), Duration.ofHours(1));
        range(at + "data-timeout", feed.dataTimeout(), Duration.ofSeconds(1), Duration.ofDays(1));
        range(at + "handover-overlap", feed.handoverOverlap(), Duration.ofMillis(100), Duration.ofMinutes(5));
        feed.connectionMaxAge()
                .ifPresent(age -> range(at + "connection-max-age", age, Duration.ofSeconds(1), Duration.ofDays(365)));
        if (feed.maxReconnectAttempts() < -1) {
            mistakes.add(at + "max-reconnect-attempts: " + feed.maxReconnectAttempts() + " is below -1");
        }
        long frame = feed.maxFrameSize().asLongValue();
        if (frame < 1024 || frame > MAX_FRAME) {
            mistakes.add(at + "max-frame-size: " + frame + " bytes are not between 1K and 64M");
        }
    }

    private void poll(String name, PollSettings poll, FeedsSettings feeds) {
        if (feeds.feeds().containsKey(name)) {
            mistakes.add("edge.polls." + name + ": a feed has this name too; each source has a name of its own");
        }
        PollPlans.of(name, poll, InstantSource.system(), mistakes::add);
    }

    private void range(String property, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            mistakes.add(property + ": " + shown(value) + " is not between " + shown(least) + " and " + shown(most));
        }
    }

    private static String shown(Duration value) {
        return value.isZero() ? "0s" : value.toString().replaceFirst("^PT?", "").toLowerCase(java.util.Locale.ROOT);
    }
}
