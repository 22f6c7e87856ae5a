package io.tidemark.edge.feed;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.edge.bars.BarBuilder;
import io.tidemark.edge.log.Journal;
import io.tidemark.edge.venue.binance.BinancePlan;
import io.tidemark.edge.venue.binance.BinanceSite;
import io.tidemark.edge.venue.binance.BinanceVenue;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A whole feed but for the log and the process. */
public final class FeedRig implements AutoCloseable {
    public final FeedSupervisor feed;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

    public FeedRig(Path folder, Journal journal, int port, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "url",
                "ws://127.0.0.1:" + port,
                "rest-url",
                "http://127.0.0.1:" + port,
                "symbols",
                "BTCUSDT",
                "reconnect-delay",
                "10ms"));
        settings.putAll(more);
        FeedSettings feedSettings = Settings.feed(settings);
        BinancePlan plan = BinancePlan.of("binance", feedSettings, BinanceSite.BINANCE, mistake -> {
            throw new AssertionError(mistake);
        });
        FeedMetrics metrics = new FeedMetrics(new SimpleMeterRegistry(), "binance");
        EventRecorder recorder = new EventRecorder(journal, new ChannelCounts(metrics::channel));
        BarBuilder bars = new BarBuilder(List.of("1s", "1m"), Duration.ofSeconds(2), 8, recorder);
        feed = new FeedSupervisor(
                "binance",
                feedSettings,
                plan,
                vertx,
                new BinanceVenue(plan, recorder, new Random(1)),
                journal,
                recorder,
                bars,
                new Quarantine(folder, "binance", metrics::quarantined),
                metrics,
                InstantSource.system(),
                System::nanoTime,
                new Random(1));
    }

    public FeedState state() {
        return feed.status().state();
    }

    public void awaitState(FeedState state) {
        Await.until(() -> state + ", but: " + feed.status(), () -> state() == state);
    }

    /** Stops it in order. */
    public void stop() {
        feed.stop().toCompletionStage().toCompletableFuture().join();
    }

    /** Ends it as a crash would: nothing more is recorded. */
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
