package io.tidemark.lake.run;

import io.tidemark.contracts.files.schema.CandleSchema;
import io.tidemark.contracts.files.schema.Series;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.json.SelfHash;
import io.tidemark.contracts.lake.Bucket;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.corpus.CorpusManifest;
import io.tidemark.lake.corpus.CorpusManifest.Reach;
import io.tidemark.lake.corpus.SealedCorpus;
import io.tidemark.lake.manifest.DamagedLakeException;
import io.tidemark.lake.manifest.Folders;
import io.tidemark.lake.manifest.LakeLock;
import io.tidemark.lake.parquet.CandlePart;
import io.tidemark.lake.run.CandleExport.Task;
import io.tidemark.lake.slice.Range;
import io.tidemark.lake.source.CandleSource;
import io.tidemark.lake.source.CandleSource.Wanted;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One export into a corpus: of each series the candles behind the last one that the corpus has, as one generation.
 *
 * <p>The first export takes everything; where nothing is new there is no new generation. A candle that reaches the
 * source later than a younger one of its series is not taken any more. Killed at any moment it leaves the state
 * before or the state after; made again it goes on with the buckets that were finished, where the candles are surely
 * the same.
 */
public final class CorpusRun {
    private final CandleSources sources;
    private final Path tenantRoot;
    private final int workers;
    private final Duration lockWait;
    private final ExportProgress progress;

    public CorpusRun(CandleSources sources, int workers, Duration lockWait, ExportProgress progress) {
        this.sources = sources;
        this.tenantRoot = LakePath.tenantRoot(sources.lakeRoot(), sources.tenant());
        this.workers = workers;
        this.lockWait = lockWait;
        this.progress = progress;
    }

    /** What an export did. */
    public record Result(Map<String, Object> report, String sentence) {}

    /** Throws {@link BadConfigException}, and {@link IOException} for everything else that stands in the way. */
    public Result run(Path configFile, boolean dryRun) throws IOException {
        CorpusConfig config = CorpusConfig.read(configFile);
        try (CandleSource source = sources.open(config.candles(), "")) {
            if (dryRun) {
                SealedCorpus corpus = SealedCorpus.read(tenantRoot, config.name());
                return dryRun(config, corpus, tasks(config, corpus, source));
            }
            Path folder = SealedCorpus.folder(tenantRoot, config.name());
            try (LakeLock lock = LakeLock.takeIn(folder, lockWait)) {
                return export(config, source);
            }
        }
    }

    private static List<Task> tasks(CorpusConfig config, SealedCorpus corpus, CandleSource source) throws IOException {
        SortedMap<Series, Reach> reached = corpus.series();
        Map<String, Integer> parts = corpus.partsPerBucket();
        Map<String, List<Wanted>> buckets = new TreeMap<>();
        for (Series series : source.series(config.filter())) {
            Reach before = reached.get(series);
            long from = before == null
                    ? config.range().from()
                    : Math.max(config.range().from(), before.last() + 1);
            if (from < config.range().to()) {
                buckets.computeIfAbsent(Bucket.of(series.symbol()), key -> new ArrayList<>())
                        .add(new Wanted(
                                series, List.of(new Range(from, config.range().to()))));
            }
        }
        List<Task> tasks = new ArrayList<>();
        buckets.forEach(
                (bucket, wanted) -> tasks.add(new Task(bucket, wanted, parts.getOrDefault(bucket, 0), Map.of())));
        return tasks;
    }

    private static Result dryRun(CorpusConfig config, SealedCorpus corpus, List<Task> tasks) {
        int series = tasks.stream().mapToInt(task -> task.wanted().size()).sum();
        Map<String, Object> report = new TreeMap<>();
        report.put("dry_run", true);
        report.put("corpus", config.name());
        report.put("generation", corpus.generation());
        report.put("series", series);
        report.put("buckets", tasks.size());
        return new Result(
                report,
                "would look for new candles of " + series + " series in " + tasks.size() + " buckets, after generation "
                        + corpus.generation());
    }

    private Result export(CorpusConfig config, CandleSource source) throws IOException {
        SealedCorpus corpus = SealedCorpus.read(tenantRoot, config.name());
        removeLeftovers(corpus);
        String plan = SelfHash.of(Map.of(
                        "configuration", config.toMap(),
                        "candles", source.identity(),
                        "moment", source.moment(),
                        "previous", corpus.hash(),
                        "tenant", sources.tenant()))
                .substring(0, 16);
        ExportWork work = ExportWork.open(corpus.folder(), plan);
        boolean sealed = false;
        try {
            List<BucketResult> results = new CandleExport(
                            source, work, config.parts().layout(), progress)
                    .run(tasks(config, corpus, source), workers);
            List<CandlePart> parts =
                    results.stream().flatMap(result -> result.parts().stream()).toList();
            if (parts.isEmpty()) {
                work.delete();
                return report(config, corpus.generation(), corpus.hash(), false, List.of());
            }
            CorpusManifest next = new CorpusManifest(
                    sources.tenant(),
                    config.name(),
                    corpus.generation() + 1,
                    corpus.hash(),
                    config.toMap(),
                    source.identity(),
                    parts,
                    results.stream().flatMap(result -> result.series().stream()).toList(),
                    writer(config));
            publish(corpus, work, parts);
            commit(corpus, next);
            sealed = true;
            work.delete();
            return report(config, next.generation(), next.hash(), true, parts);
        } catch (IOException | RuntimeException e) {
            work.abandon(e);
            if (!sealed && !Files.exists(manifest(corpus, corpus.generation() + 1))) {
                removeLeftovers(corpus);
            }
            throw e;
        }
    }

    private static Map<String, String> writer(CorpusConfig config) {
        Map<String, String> writer = new LinkedHashMap<>(EventFileWriter.versions());
        writer.put("schema", CandleSchema.NAME);
        writer.put("codec", config.parts().compression());
        return writer;
    }

    private static void publish(SealedCorpus corpus, ExportWork work, List<CandlePart> parts) throws IOException {
        Set<Path> folders = new TreeSet<>();
        for (CandlePart part : parts) {
            Path target = corpus.folder().resolve(part.path());
            Path folder = target.getParent();
            if (folder == null) {
                throw new IllegalStateException(part.path() + " lies in no bucket");
            }
            Folders.create(folder);
            if (Files.exists(target)) {
                throw new DamagedLakeException(target + " is there already", null);
            }
            Files.move(work.folder().resolve(part.path()), target, StandardCopyOption.ATOMIC_MOVE);
            folders.add(folder);
        }
        for (Path folder : folders) {
            Folders.sync(folder);
        }
    }

    private static Path manifest(SealedCorpus corpus, long generation) {
        return corpus.folder().resolve(SealedCorpus.MANIFESTS).resolve(SealedCorpus.manifestName(generation));
    }

    /** The lock keeps others away; from this rename on the generation is there. */
    private static void commit(SealedCorpus corpus, CorpusManifest next) throws IOException {
        Path file = manifest(corpus, next.generation());
        Folders.create(corpus.folder().resolve(SealedCorpus.MANIFESTS));
        if (Files.exists(file)) {
            throw new DamagedLakeException(file + " exists already; somebody commits without the lock", null);
        }
        SyncedFile.write(file, next.toBytes());
    }

    /** What a killed export left in the corpus' own folders: parts that no generation names, and temporary files. */
    private static void removeLeftovers(SealedCorpus corpus) throws IOException {
        Set<String> known = corpus.parts().stream().map(CandlePart::path).collect(Collectors.toSet());
        Files.walkFileTree(corpus.folder(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return directory.getFileName().toString().startsWith(".work-")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = file.getFileName().toString();
                String path = corpus.folder().relativize(file).toString().replace('\\', '/');
                boolean part = name.matches("part-\\d{4,}\\.parquet") && !known.contains(path);
                if (part || name.startsWith(".") && name.endsWith(".tmp")) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static Result report(
            CorpusConfig config, long generation, String hash, boolean sealed, List<CandlePart> parts) {
        long rows = parts.stream().mapToLong(CandlePart::rows).sum();
        Map<String, Object> report = new TreeMap<>();
        report.put("corpus", config.name());
        report.put("generation", generation);
        report.put("hash", hash);
        report.put("sealed", sealed);
        report.put("parts", parts.size());
        report.put("rows", rows);
        report.put("bytes", parts.stream().mapToLong(CandlePart::bytes).sum());
        return new Result(
                report,
                sealed
                        ? "corpus " + config.name() + ", generation " + generation + ": " + rows + " candles in "
                                + parts.size() + " parts"
                        : "corpus " + config.name() + ": nothing new after generation " + generation);
    }
}
