package io.tidemark.edge.poll;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One polled source. Its name in {@code edge.polls} is the source's name in every event and path. */
public interface PollSettings {
    /** What it asks: {@code deribit}, {@code edgar}, {@code news} or {@code klines}; the entry's name unless set. */
    Optional<String> kind();

    /** Where its interface is; the public one unless set. Not for news, which has feeds. */
    Optional<String> url();

    /** From one round of requests to the next; 1m for deribit and klines, 5m for news, 6h for edgar unless set. */
    Optional<Duration> interval();

    /** Of klines, in the venue's own spelling (BTCUSDT). Of news: the symbols that its feeds are about. */
    Optional<List<String>> symbols();

    /** Normalised names that are not known by themselves: {@code BTCUSDT: BTC-USDT}, {@code "320193": AAPL}. */
    Map<String, String> symbolNames();

    /** Of deribit: the currencies whose options are asked for. */
    Optional<List<String>> currencies();

    /** Of deribit: contracts whose greeks are asked for as well, one request each and round. */
    Optional<List<String>> contracts();

    /** Of edgar: the companies' numbers. */
    Optional<List<String>> ciks();

    /** Of news: the addresses of the feeds. */
    Optional<List<String>> feeds();

    /** Of klines: the candles' intervals. */
    @WithDefault("1m")
    List<String> intervals();

    /** Of klines: how far back the first round goes. */
    @WithDefault("1h")
    Duration history();

    /** Of klines: who is named as the bars' vendor; {@code <source>-native} unless set. */
    Optional<String> vendor();

    /** What a server is told about who asks. Edgar demands one with a contact, such as {@code desk me@example.com}. */
    Optional<String> userAgent();

    /** Requests to one host, over all sources that ask it; the slowest counts. 8 for edgar, 5 otherwise. */
    Optional<Double> requestsPerSecond();

    /** A longer answer is refused. */
    @WithDefault("8388608")
    MemorySize maxAnswerSize();

    /** How long a server may take to begin its answer, and again to end it. */
    @WithDefault("30s")
    Duration timeout();

    /** A number of more than 18 decimals: {@code reject} puts its record into quarantine, {@code round} rounds half-even. */
    @WithDefault("reject")
    String onBadNumber();
}
