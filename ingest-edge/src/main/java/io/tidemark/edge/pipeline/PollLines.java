package io.tidemark.edge.pipeline;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.poll.HostGate;
import io.tidemark.edge.poll.PollPlan;
import io.tidemark.edge.poll.PollPlans;
import io.tidemark.edge.poll.PollSettings;
import io.tidemark.edge.poll.PollStatus;
import io.tidemark.edge.poll.PollSupervisor;
import io.tidemark.edge.poll.PollsSettings;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** All polled sources of the edge: they share a client, which has one thread for all connections, and the host gate. */
final class PollLines {
    static final PollLines NONE = new PollLines(List.of());

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final List<PollSupervisor> polls;

    private PollLines(List<PollSupervisor> polls) {
        this.polls = polls;
    }

    static PollLines open(
            PollsSettings settings,
            LogStore store,
            ToDoubleFunction<Topics> limit,
            MeterRegistry registry,
            InstantSource clock)
            throws IOException {
        if (settings.polls().isEmpty()) {
            return NONE;
        }
        HttpClient client = PollSupervisor.client(CONNECT);
        HostGate gate = new HostGate();
        SplittableRandom random = new SplittableRandom();
        List<PollSupervisor> opened = new ArrayList<>();
        for (Map.Entry<String, PollSettings> poll : new TreeMap<>(settings.polls()).entrySet()) {
            PollPlan plan = PollPlans.of(poll.getKey(), poll.getValue(), clock, mistake -> {
                        throw new IllegalStateException(mistake);
                    })
                    .orElseThrow();
            opened.add(PollSupervisor.open(
                    plan, store, client, gate, limit, registry, clock, System::nanoTime, random.split()));
        }
        return new PollLines(List.copyOf(opened));
    }

    void start() {
        polls.forEach(PollSupervisor::start);
    }

    void stop(Duration patience) {
        polls.forEach(PollSupervisor::askToStop);
        polls.forEach(poll -> poll.stop(patience));
    }

    List<PollStatus> status() {
        return polls.stream().map(PollSupervisor::status).toList();
    }

    /** Events committed, by source and channel. */
    Map<String, Map<String, Long>> decoded() {
        Map<String, Map<String, Long>> all = new TreeMap<>();
        polls.forEach(poll -> all.put(poll.status().name(), poll.decoded()));
        return all;
    }

    /** As {@code GET /status} shows it. */
    Map<String, Object> shown() {
        Map<String, Object> all = new TreeMap<>();
        for (PollStatus poll : status()) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("kind", poll.kind());
            shown.put("state", poll.state().name());
            shown.put("fresh", poll.fresh());
            shown.put("requests", poll.requests());
            shown.put("records", poll.records());
            shown.put("duplicates", poll.duplicates());
            shown.put("rounded", poll.rounded());
            shown.put("quarantined", poll.quarantined());
            shown.put("last-success-time", poll.lastSuccess());
            shown.put("last-data-time", poll.lastData());
            shown.put("interval-seconds", poll.interval().toMillis() / 1000.0);
            if (poll.problem() != null) {
                shown.put("last-error", poll.problem());
            }
            all.put(poll.name(), shown);
        }
        return all;
    }
}
