package io.tidemark.edge.poll;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.edge.log.LogFixture;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.segment.SegmentConverter;
import io.tidemark.edge.segment.SegmentSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Polled sources with their log and their segments, to be killed; logs go as soon as they are segments. */
final class PollingProcess {
    record Parquet() implements SegmentSettings {
        @Override
        public String rawFormat() {
            return "parquet";
        }

        @Override
        public String parquetCompression() {
            return "snappy";
        }

        @Override
        public int parquetCompressionLevel() {
            return 3;
        }

        @Override
        public int memoryMb() {
            return 8;
        }
    }

    private PollingProcess() {}

    static Map<String, Map<String, String>> sources(String address) {
        return Map.of(
                "klines",
                Map.of(
                        "url",
                        address,
                        "symbols",
                        "BTCUSDT",
                        "history",
                        "3000d",
                        "interval",
                        "1s",
                        "requests-per-second",
                        "50"),
                "news",
                Map.of("feeds", address + "/rss," + address + "/other", "interval", "1s", "requests-per-second", "50"));
    }

    public static void main(String[] args) throws Exception {
        org.jboss.logmanager.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
        Random random = new Random(Long.parseLong(args[2]));
        LogStore store = LogStore.open(
                Path.of(args[0]),
                "pi",
                "default",
                new LogFixture.Settings(1 + random.nextInt(40), Duration.ofMillis(20), Duration.ofMillis(100), 1, 1),
                InstantSource.system(),
                new SimpleMeterRegistry());
        store.start();
        store.forwardNothing();
        SegmentConverter converter =
                new SegmentConverter(store, new Parquet(), InstantSource.system(), new SimpleMeterRegistry());
        converter.start();
        List<PollSupervisor> polls = new ArrayList<>();
        for (Map.Entry<String, Map<String, String>> source : sources(args[1]).entrySet()) {
            PollPlan plan = PollPlans.of(
                            source.getKey(),
                            PollRig.settings(source.getKey(), source.getValue()),
                            InstantSource.system(),
                            mistake -> {
                                throw new IllegalStateException(mistake);
                            })
                    .orElseThrow();
            polls.add(PollSupervisor.open(
                    plan,
                    store,
                    PollSupervisor.client(Duration.ofSeconds(5)),
                    new HostGate(),
                    family -> Double.POSITIVE_INFINITY,
                    new SimpleMeterRegistry(),
                    InstantSource.system(),
                    System::nanoTime,
                    random));
        }
        polls.forEach(PollSupervisor::start);
        System.out.println("ready");
        if (args.length > 3) {
            // Until all is there: then an orderly end.
            System.in.read();
            polls.forEach(poll -> poll.stop(Duration.ofSeconds(20)));
            store.seal();
            converter.convertAll();
            converter.close();
            store.close();
            System.out.println("done");
            return;
        }
        Thread.currentThread().join();
    }
}
