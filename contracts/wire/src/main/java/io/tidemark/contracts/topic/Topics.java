package io.tidemark.contracts.topic;

import io.tidemark.contracts.event.Channel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The Kafka topics. A family is what one topic carries and what one feedback signal limits. */
public enum Topics {
    TRADES("trades"),
    QUOTES("quotes"),
    BOOKS("books"),
    TICKERS("tickers"),
    BARS("bars"),
    OPTIONS("options"),
    FUNDAMENTALS("fundamentals"),
    NEWS("news"),
    /** Gap and session events. */
    SESSIONS("sessions"),
    /** Compacted, key {@code <consumer>|<family>|<edge>}. */
    FEEDBACK("feedback"),
    DEAD_LETTERS("dead-letters");

    /** Partitions of a market topic unless set otherwise. */
    public static final int MARKET_PARTITIONS = 4;

    private static final List<Topics> MARKET =
            List.of(TRADES, QUOTES, BOOKS, TICKERS, BARS, OPTIONS, FUNDAMENTALS, NEWS, SESSIONS);

    private final String family;

    Topics(String family) {
        this.family = family;
    }

    /** The short name, as in a feedback signal. */
    public String family() {
        return family;
    }

    /** The topic's full name. */
    public String topic() {
        return "tidemark." + family + ".v1";
    }

    public boolean isMarket() {
        return MARKET.contains(this);
    }

    /** Whether only the latest record per key is kept. */
    public boolean isCompacted() {
        return this == FEEDBACK;
    }

    public int defaultPartitions() {
        return isMarket() ? MARKET_PARTITIONS : 1;
    }

    /** The topics that carry events. */
    public static List<Topics> market() {
        return MARKET;
    }

    /** Where events of a channel go; nothing for frames, which stay in the durable record. */
    public static Optional<Topics> of(Channel channel) {
        return switch (channel) {
            case TRADES -> Optional.of(TRADES);
            case QUOTES -> Optional.of(QUOTES);
            case BOOK_SNAPSHOTS, BOOK_DELTAS -> Optional.of(BOOKS);
            case TICKERS -> Optional.of(TICKERS);
            case BARS, BARS_NATIVE -> Optional.of(BARS);
            case OPTIONS -> Optional.of(OPTIONS);
            case FUNDAMENTALS -> Optional.of(FUNDAMENTALS);
            case NEWS -> Optional.of(NEWS);
            case SESSIONS, GAPS -> Optional.of(SESSIONS);
            case FRAMES -> Optional.empty();
        };
    }

    /** Throws {@link IllegalArgumentException} for another name. */
    public static Topics ofFamily(String family) {
        return Arrays.stream(values())
                .filter(topic -> topic.family.equals(family))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown family \"" + family + "\""));
    }

    /** The record key: one instrument keeps its order. */
    public static String recordKey(String source, String symbol) {
        return source + "|" + symbol;
    }

    /** The key of a feedback signal. */
    public static String feedbackKey(String consumer, String family, String edge) {
        return consumer + "|" + family + "|" + edge;
    }
}
