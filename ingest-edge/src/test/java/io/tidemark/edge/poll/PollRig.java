package io.tidemark.edge.poll;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.feed.Await;
import io.tidemark.edge.log.LogFixture;
import io.tidemark.edge.log.LogStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/** One polled source with its log on a real folder, as the edge would run it. */
final class PollRig implements AutoCloseable {
    final LogStore store;
    final PollSupervisor poll;
    private final String name;

    PollRig(Path folder, String name, Map<String, String> settings) throws IOException {
        this(folder, name, settings, new HostGate(), Double.POSITIVE_INFINITY);
    }

    PollRig(Path folder, String name, Map<String, String> settings, HostGate gate, double limit) throws IOException {
        this.name = name;
        store = LogStore.open(
                folder,
                "pi",
                "default",
                new LogFixture.Settings(10, Duration.ofMillis(10), Duration.ofSeconds(1), 100, 1),
                InstantSource.system(),
                new SimpleMeterRegistry());
        store.start();
        PollPlan plan = PollPlans.of(name, settings(name, settings), InstantSource.system(), mistake -> {
                    throw new AssertionError(mistake);
                })
                .orElseThrow();
        poll = PollSupervisor.open(
                plan,
                store,
                PollSupervisor.client(Duration.ofSeconds(5)),
                gate,
                family -> limit,
                new SimpleMeterRegistry(),
                InstantSource.system(),
                System::nanoTime,
                new Random(1));
        poll.start();
    }

    static PollSettings settings(String name, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>();
        settings.forEach((key, value) -> all.put("edge.polls." + name + "." + key, value));
        PollSettings found = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .withMapping(PollsSettings.class)
                .build()
                .getConfigMapping(PollsSettings.class)
                .polls()
                .get(name);
        if (found == null) {
            throw new AssertionError("no settings of " + name);
        }
        return found;
    }

    PollStatus await(String what, Predicate<PollStatus> condition) {
        Await.until(() -> what + ", but: " + poll.status(), () -> condition.test(poll.status()));
        return poll.status();
    }

    /** What the log holds. */
    List<Envelope> events() throws IOException {
        Await.until("written", () -> poll.decoded().equals(store.totals(name).channels()));
        return LogFixture.events(store, name);
    }

    List<Envelope> events(String channel) throws IOException {
        return events().stream()
                .filter(event -> event.getChannel().equals(channel))
                .toList();
    }

    @Override
    public void close() throws IOException {
        poll.stop(Duration.ofSeconds(20));
        store.close();
    }
}
