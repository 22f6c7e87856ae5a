package io.tidemark.edge.feed;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One source. Its name in {@code edge.feeds} is the source's name in every event and path. */
public interface FeedSettings {
    /** What it speaks: {@code binance}, {@code coinbase-advanced}, {@code kraken} … (docs/venues.md); the feed's name unless set. */
    Optional<String> venue();

    /** Where its WebSocket is; the venue's own address unless set. */
    Optional<String> url();

    /** Where its REST interface is; the venue's own address unless set. */
    Optional<String> restUrl();

    /** The venue's own spelling: BTCUSDT. */
    Optional<List<String>> symbols();

    /** What to record of each symbol, in the venue's own words (docs/venues.md); trades, top and changes of the book unless set. */
    Optional<List<String>> streams();

    /** Normalised names of symbols that the venue's table does not know: {@code BTCUSDT: BTC-USDT}. */
    Map<String, String> symbolNames();

    /** Levels kept of each side of a book. */
    @WithDefault("1000")
    int depth();

    /** The source ends by itself (close code 4001): a recording. Otherwise every close is followed by a new connection. */
    @WithDefault("false")
    boolean finite();

    /**
     * Tells the source how many of its frames are in the log, and relies on it to go on exactly there. The
     * simulated exchange does; real venues do not.
     */
    @WithDefault("false")
    boolean resume();

    /** Connects again after a connection was lost. */
    @WithDefault("true")
    boolean autoReconnect();

    /** Attempts in a row without a stable connection; -1 means for ever. */
    @WithDefault("-1")
    int maxReconnectAttempts();

    /** Base of the exponential backoff with full jitter; the first retry is immediate, the ceiling 60 s. */
    @WithDefault("5s")
    Duration reconnectDelay();

    /** A longer message ends the connection. */
    @WithDefault("16777216")
    MemorySize maxFrameSize();

    /** How long establishing a connection or a REST answer may take. */
    @WithDefault("10s")
    Duration connectTimeout();

    /** Without any byte, pings included, for this long, the connection is given up. */
    @WithDefault("30s")
    Duration transportTimeout();

    /** Without any message for this long, and for 20 times the usual interval, the connection is given up. */
    @WithDefault("60s")
    Duration dataTimeout();

    /**
     * Before a connection gets this old, a younger one is opened beside it and takes over without a gap; the venue's own
     * limit less a margin unless set (Binance closes after 24 h).
     */
    Optional<Duration> connectionMaxAge();

    /** How long the older and the younger connection deliver side by side. */
    @WithDefault("5s")
    Duration handoverOverlap();
}
