package io.tidemark.edge.pipeline;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.edge.forward.ForwardSettings;
import io.tidemark.edge.load.FileLoad;
import io.tidemark.edge.load.FileReport;
import io.tidemark.edge.load.LoadFailure;
import io.tidemark.edge.load.LoadOptions;
import io.tidemark.edge.log.LogSettings;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.rate.RateCoordinator;
import io.tidemark.edge.rate.RateSettings;
import io.tidemark.edge.segment.SegmentSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Files into the data folder of an edge that does not run: the log first, then Kafka and segments, as when it runs.
 *
 * <p>Everything else that the folder still owes, of live sources too, is done on the way.
 */
public final class HistoryLoad {
    /** Told how far the work is. */
    public interface Progress {
        /** {@code records} of the file's were passed. */
        void file(Path file, long records, long ofRecords);

        void step(String what);
    }

    /**
     * What came of it.
     *
     * @param pending records that Kafka has yet to take; they go when the edge runs
     */
    public record Outcome(List<FileReport> files, long segments, long pending, long acknowledged) {}

    private final EdgeSettings edge;
    private final LogSettings log;
    private final SegmentSettings segments;
    private final ForwardSettings forward;
    private final RateSettings rate;

    public HistoryLoad(
            EdgeSettings edge, LogSettings log, SegmentSettings segments, ForwardSettings forward, RateSettings rate) {
        this.edge = edge;
        this.log = log;
        this.segments = segments;
        this.forward = forward;
        this.rate = rate;
    }

    /** {@code surveys}: the files in their order, each read once. {@code kafka}: now; else when the edge runs. */
    public Outcome run(Map<Path, FileLoad.Survey> surveys, LoadOptions options, boolean kafka, Progress progress)
            throws IOException, LoadFailure {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        InstantSource clock = InstantSource.system();
        Path folder = edge.dataDir().toAbsolutePath().normalize();
        Files.createDirectories(folder);
        try (LogStore store = LogStore.open(folder, edge.name(), edge.tenant(), log, clock, registry)) {
            store.start();
            RateCoordinator unlimited = new RateCoordinator(
                    edge.name(),
                    rate,
                    clock,
                    System::nanoTime,
                    () -> ThreadLocalRandom.current().nextDouble(),
                    registry);
            Outlets outlets = new Outlets(forward, segments, unlimited, registry);
            outlets.start(store, kafka);
            List<FileReport> reports = new ArrayList<>();
            FileLoad.Into into = new FileLoad.Into(store, options, clock);
            try {
                for (Map.Entry<Path, FileLoad.Survey> file : surveys.entrySet()) {
                    FileLoad.Survey survey = file.getValue();
                    reports.add(into.load(
                            file.getKey(), survey, records -> progress.file(file.getKey(), records, survey.records())));
                    progress.file(file.getKey(), survey.records(), survey.records());
                }
            } finally {
                // Also of a load that cannot go on: what was taken is in the log and is finished as it stands.
                progress.step("segments" + (kafka && forward.enabled() ? " and Kafka" : ""));
                store.seal();
                outlets.finish();
            }
            return new Outcome(reports, outlets.segments(), outlets.pending(), outlets.acknowledged());
        }
    }
}
