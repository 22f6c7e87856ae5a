package io.tidemark.lake.run;

import io.tidemark.contracts.files.schema.CandleSchema;
import io.tidemark.contracts.files.schema.CoverageRow;
import io.tidemark.contracts.files.schema.CoverageSchema;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.contracts.files.write.CoverageFileWriter;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.contracts.json.SelfHash;
import io.tidemark.contracts.lake.Bucket;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.coverage.AlertCoverage;
import io.tidemark.lake.coverage.SeriesCoverage;
import io.tidemark.lake.manifest.DamagedLakeException;
import io.tidemark.lake.manifest.Folders;
import io.tidemark.lake.manifest.LakeLock;
import io.tidemark.lake.parquet.CandlePart;
import io.tidemark.lake.run.BucketResult.Covered;
import io.tidemark.lake.run.CandleExport.Task;
import io.tidemark.lake.run.RunManifest.OtherFile;
import io.tidemark.lake.slice.Alert;
import io.tidemark.lake.slice.AlertList;
import io.tidemark.lake.slice.AlertReader;
import io.tidemark.lake.slice.BadAlertsException;
import io.tidemark.lake.slice.Window;
import io.tidemark.lake.source.CandleSource;
import io.tidemark.lake.source.CandleSource.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One run of slices: reads alerts, cuts the candles around them, counts what is covered, and seals it all as
 * {@code runs/<run id>} by one rename.
 *
 * <p>The id comes from the configuration, the alerts' hash and the candles: their generation where they are sealed
 * themselves, else the rows that were read. So the same run made again is found and nothing is done. Killed at any
 * moment it leaves no run or the whole run; made again it goes on with the buckets that were finished, where the
 * candles are surely the same.
 */
public final class SliceRun {
    private static final String NOT_KNOWN = "unknown instrument";
    private static final String NONE = "no candles in the window";
    private static final String COVERAGE = "coverage.parquet";
    private static final String REJECTED = "rejected.json";
    private static final int ID_LENGTH = 16;

    private final CandleSources sources;
    private final Path tenantRoot;
    private final int workers;
    private final int maxAlerts;
    private final Duration lockWait;
    private final ExportProgress progress;

    public SliceRun(CandleSources sources, int workers, int maxAlerts, Duration lockWait, ExportProgress progress) {
        this.sources = sources;
        this.tenantRoot = LakePath.tenantRoot(sources.lakeRoot(), sources.tenant());
        this.workers = workers;
        this.maxAlerts = maxAlerts;
        this.lockWait = lockWait;
        this.progress = progress;
    }

    /** What a run did; rejected alerts with their lines. */
    public record Result(Map<String, Object> report, String sentence, List<String> rejected) {}

    /**
     * Throws {@link BadConfigException}, {@link BadAlertsException}, and {@link IOException} for everything else
     * that stands in the way; the message names the file.
     */
    public Result run(Path configFile, boolean dryRun) throws IOException {
        SliceConfig config = SliceConfig.read(configFile);
        AlertList alerts = AlertReader.read(config.alerts(), maxAlerts);
        List<String> rejected = alerts.rejected().stream()
                .map(bad -> config.alerts() + ", line " + bad.line() + ": " + bad.reason())
                .toList();
        if (!rejected.isEmpty() && (config.refuseRejected() || alerts.accepted().isEmpty())) {
            throw new BadAlertsException(
                    String.join("\n", rejected) + "\n" + config.alerts() + ": " + rejected.size() + " of "
                            + (alerts.accepted().size() + rejected.size()) + " alerts cannot be used",
                    null);
        }
        try (CandleSource source = sources.open(config.candles(), config.corpus())) {
            Plan plan = new Plan(config, alerts, source);
            if (dryRun) {
                return plan.dryRun(rejected);
            }
            Path runs = tenantRoot.resolve(SealedRuns.FOLDER);
            try (LakeLock lock = LakeLock.takeIn(runs, lockWait)) {
                return plan.export(runs, rejected);
            }
        }
    }

    /** One export under its lock. */
    private final class Plan {
        private final SliceConfig config;
        private final AlertList alerts;
        private final CandleSource source;
        private final Map<String, Object> inputs = new TreeMap<>();
        private final Map<Long, AlertCoverage> windows = new LinkedHashMap<>();
        private final Map<String, Map<Series, SeriesCoverage>> buckets = new TreeMap<>();
        private final Set<Series> unknown = new TreeSet<>();

        Plan(SliceConfig config, AlertList alerts, CandleSource source) throws IOException {
            this.config = config;
            this.alerts = alerts;
            this.source = source;
            inputs.put(
                    "alerts",
                    Map.of(
                            "sha256", alerts.sha256(),
                            "accepted", alerts.accepted().size(),
                            "rejected", alerts.rejected().size()));
            inputs.put("candles", source.identity());
            Map<Series, List<AlertCoverage>> bySeries = new TreeMap<>();
            for (Alert alert : alerts.accepted()) {
                Window window = Window.computeWindowSlice(
                        alert.tsMs(), config.intervalS(), config.preCandles(), config.postCandles());
                AlertCoverage coverage = new AlertCoverage(alert, window, config.intervalS());
                windows.put(alert.line(), coverage);
                bySeries.computeIfAbsent(series(alert), key -> new ArrayList<>())
                        .add(coverage);
            }
            for (Map.Entry<Series, List<AlertCoverage>> entry : bySeries.entrySet()) {
                if (source.knows(entry.getKey())) {
                    buckets.computeIfAbsent(Bucket.of(entry.getKey().symbol()), key -> new TreeMap<>())
                            .put(entry.getKey(), new SeriesCoverage(entry.getValue()));
                } else {
                    unknown.add(entry.getKey());
                }
            }
        }

        private Series series(Alert alert) {
            return new Series(sources.tenant(), alert.source(), alert.symbol(), config.timeframe());
        }

        private String id(String more) {
            return SelfHash.of(Map.of(
                            "configuration",
                            config.toMap(),
                            "inputs",
                            inputs,
                            "more",
                            more,
                            "tenant",
                            sources.tenant()))
                    .substring(0, ID_LENGTH);
        }

        private long expected() {
            return windows.values().stream().mapToLong(AlertCoverage::expected).sum();
        }

        Result dryRun(List<String> rejected) {
            Map<String, Object> report = new TreeMap<>();
            report.put("dry_run", true);
            report.put("alerts", alerts.accepted().size());
            report.put("rejected", rejected);
            report.put("buckets", buckets.size());
            report.put("series", buckets.values().stream().mapToInt(Map::size).sum());
            report.put(
                    "unknown_instruments",
                    unknown.stream().map(Series::toString).toList());
            report.put("expected", expected());
            return new Result(
                    report,
                    "would cut " + alerts.accepted().size() + " windows of " + expected() + " candles from "
                            + report.get("series") + " series in " + buckets.size() + " buckets; "
                            + unknown.size() + " series are unknown",
                    rejected);
        }

        Result export(Path runs, List<String> rejected) throws IOException {
            SealedRuns sealed = new SealedRuns(tenantRoot);
            boolean pinned = source.moment().isEmpty();
            String planId = id(source.moment());
            Optional<RunManifest> known = pinned ? sealed.find(planId) : Optional.empty();
            ExportWork work = ExportWork.open(runs, planId);
            if (known.isPresent()) {
                work.delete();
                return result(known.get(), true, rejected);
            }
            try {
                List<BucketResult> results =
                        new CandleExport(source, work, config.parts().layout(), progress).run(tasks(), workers);
                List<CandlePart> parts = results.stream()
                        .flatMap(result -> result.parts().stream())
                        .toList();
                String runId = pinned ? planId : id(RunManifest.contentHash(parts));
                RunManifest manifest = manifest(runId, work, results, parts);
                return publish(sealed, runs, work, manifest, rejected);
            } catch (IOException | RuntimeException e) {
                work.abandon(e);
                throw e;
            }
        }

        private List<Task> tasks() {
            List<Task> tasks = new ArrayList<>();
            buckets.forEach((bucket, coverage) -> tasks.add(new Task(
                    bucket,
                    coverage.entrySet().stream()
                            .map(entry ->
                                    new Wanted(entry.getKey(), entry.getValue().ranges()))
                            .toList(),
                    0,
                    coverage)));
            return tasks;
        }

        private RunManifest manifest(String runId, ExportWork work, List<BucketResult> results, List<CandlePart> parts)
                throws IOException {
            Map<Long, Covered> covered = new HashMap<>();
            results.forEach(result -> result.coverage().forEach(one -> covered.put(one.line(), one)));
            List<OtherFile> files = new ArrayList<>();
            files.add(writeCoverage(work.folder().resolve(COVERAGE), covered));
            if (!alerts.rejected().isEmpty()) {
                files.add(writeRejected(work.folder().resolve(REJECTED)));
            }
            Map<String, String> writer = new LinkedHashMap<>(EventFileWriter.versions());
            writer.put("schema", CandleSchema.NAME);
            writer.put("coverage-schema", CoverageSchema.NAME);
            writer.put("codec", config.parts().compression());
            return new RunManifest(
                    runId,
                    sources.tenant(),
                    config.toMap(),
                    inputs,
                    parts,
                    files,
                    expected(),
                    covered.values().stream().mapToLong(Covered::found).sum(),
                    writer);
        }

        private OtherFile writeCoverage(Path file, Map<Long, Covered> covered) throws IOException {
            Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
            Files.deleteIfExists(temporary);
            List<String> columns = columns();
            try (CoverageFileWriter writer =
                    CoverageFileWriter.open(temporary, columns, config.parts().options())) {
                for (Alert alert : alerts.accepted()) {
                    writer.write(row(alert, covered.get(alert.line())));
                }
                CoverageFileWriter.Summary summary = writer.finish();
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
                return new OtherFile(
                        COVERAGE,
                        summary.sha256(),
                        summary.bytes(),
                        alerts.accepted().size());
            }
        }

        /** An alert's own column with the name of one of ours gets a word in front. */
        private List<String> columns() throws BadAlertsException {
            List<String> fixed = CoverageSchema.fixedNames();
            List<String> columns = alerts.columns().stream()
                    .map(name -> fixed.contains(name) ? "alert_" + name : name)
                    .toList();
            if (Set.copyOf(columns).size() < columns.size()) {
                throw new BadAlertsException(
                        config.alerts() + ": a column and alert_ in front of it are both there", null);
            }
            return columns;
        }

        private CoverageRow row(Alert alert, @Nullable Covered covered) {
            AlertCoverage window = windows.get(alert.line());
            if (window == null) {
                throw new IllegalStateException("no window of line " + alert.line());
            }
            Window of = window.window();
            List<CoverageRow.Gap> gaps = covered != null
                    ? covered.gaps()
                    : List.of(new CoverageRow.Gap(of.fromMs(), of.toMs(), window.expected()));
            String reason = covered == null ? NOT_KNOWN : covered.found() == 0 ? NONE : null;
            return new CoverageRow(
                    alert.id(),
                    alert.source(),
                    alert.symbol(),
                    alert.tsMs(),
                    config.timeframe(),
                    Bucket.of(alert.symbol()),
                    of.fromMs(),
                    of.toMs(),
                    window.expected(),
                    covered == null ? 0 : covered.found(),
                    gaps,
                    reason,
                    alert.more());
        }

        private OtherFile writeRejected(Path file) throws IOException {
            List<Map<String, Object>> rows = new ArrayList<>();
            for (AlertList.Rejected bad : alerts.rejected()) {
                rows.add(Map.of("line", bad.line(), "reason", bad.reason()));
            }
            SyncedFile.write(file, CanonicalJson.bytes(Map.of("rejected", rows)));
            return new OtherFile(REJECTED, FileHash.sha256(file), Files.size(file), rows.size());
        }

        private Result publish(
                SealedRuns sealed, Path runs, ExportWork work, RunManifest manifest, List<String> rejected)
                throws IOException {
            Optional<RunManifest> known = sealed.find(manifest.runId());
            if (known.isPresent()) {
                if (!known.get().hash().equals(manifest.hash())) {
                    throw new DamagedLakeException(
                            sealed.folder(manifest.runId()) + " is another run of the same id", null);
                }
                work.delete();
                return result(known.get(), true, rejected);
            }
            // Without a manifest it is no run, whatever else it is.
            ExportWork.delete(sealed.folder(manifest.runId()));
            work.forgetMarkers();
            SyncedFile.write(work.folder().resolve(RunManifest.NAME), manifest.toBytes());
            Files.move(work.folder(), sealed.folder(manifest.runId()), StandardCopyOption.ATOMIC_MOVE);
            Folders.sync(runs);
            return result(manifest, false, rejected);
        }

        private Result result(RunManifest manifest, boolean before, List<String> rejected) {
            Map<String, Object> report = new TreeMap<>();
            report.put("run_id", manifest.runId());
            report.put("hash", manifest.hash());
            report.put("sealed_before", before);
            report.put("alerts", alerts.accepted().size());
            report.put("rejected", rejected);
            report.put(
                    "unknown_instruments",
                    unknown.stream().map(Series::toString).toList());
            report.put("parts", manifest.parts().size());
            report.put("rows", manifest.rows());
            report.put("bytes", manifest.bytes());
            report.put("expected", manifest.expected());
            report.put("found", manifest.found());
            String sentence = "run " + manifest.runId() + (before ? " was sealed before" : " sealed") + ": "
                    + alerts.accepted().size() + " alerts, " + manifest.rows() + " candles in "
                    + manifest.parts().size() + " parts, " + manifest.found() + " of " + manifest.expected() + " found"
                    + (rejected.isEmpty() ? "" : ", " + rejected.size() + " alerts rejected");
            return new Result(report, sentence, rejected);
        }
    }
}
