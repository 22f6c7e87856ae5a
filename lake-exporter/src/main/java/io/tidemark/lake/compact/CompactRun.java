package io.tidemark.lake.compact;

import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakeManifest;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.events.SortedEvents;
import io.tidemark.lake.manifest.Folders;
import io.tidemark.lake.manifest.LakeLock;
import io.tidemark.lake.manifest.ManifestSeal;
import io.tidemark.lake.manifest.SealedLake;
import io.tidemark.lake.run.ExportLimits;
import io.tidemark.lake.run.ExportProgress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One compaction of the sealed event lake: takes the lock, merges the small files of each hour, commits one
 * generation that adds the merged files and removes the small ones.
 *
 * <p>Readers of the generation before keep their files: those are deleted by a later run, when the grace since
 * this generation is over. Killed at any moment it leaves the state before or the state after. The same state
 * gives the same bytes and names.
 */
public final class CompactRun {
    /** Where it stands between two irreversible steps; tests stop it there. */
    @FunctionalInterface
    interface Stops {
        /** Each named for what was just done. */
        enum Step {
            LOCKED,
            CLEANED,
            HOUR_MERGED,
            ALL_MERGED,
            COMMITTED
        }

        Stops NONE = step -> {};

        void reached(Step step);
    }

    private final Path tenantRoot;
    private final String tenant;
    private final ExportLimits limits;
    private final InstantSource clock;
    private final ExportProgress progress;
    private final Stops stops;

    public CompactRun(Path lakeRoot, String tenant, ExportLimits limits, InstantSource clock, ExportProgress progress) {
        this(lakeRoot, tenant, limits, clock, progress, Stops.NONE);
    }

    CompactRun(
            Path lakeRoot,
            String tenant,
            ExportLimits limits,
            InstantSource clock,
            ExportProgress progress,
            Stops stops) {
        this.tenantRoot = LakePath.tenantRoot(lakeRoot, tenant);
        this.tenant = tenant;
        this.limits = limits;
        this.clock = clock;
        this.progress = progress;
        this.stops = stops;
    }

    /** Throws {@link IOException} for what stands in the way; the message names the file. */
    public CompactReport run(CompactRequest request) throws IOException {
        if (request.dryRun()) {
            ManifestSeal seal = new ManifestSeal(tenantRoot, tenant);
            List<SmallFiles> hours = SmallFiles.find(seal.before(), request);
            return report(seal, seal.before().generation(), false, true, hours, List.of(), 0, 0);
        }
        if (new SealedLake(tenantRoot).current().generation() == 0) {
            // Nothing was ever sealed: leave no trace.
            return new CompactReport(0, false, false, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }
        try (LakeLock lock = LakeLock.take(tenantRoot, limits.lockWait())) {
            stops.reached(Stops.Step.LOCKED);
            ManifestSeal seal = new ManifestSeal(tenantRoot, tenant);
            int leftovers = seal.removeLeftovers();
            int deleted = seal.removeSuperseded(request.grace(), clock.instant());
            stops.reached(Stops.Step.CLEANED);
            List<SmallFiles> hours = SmallFiles.find(seal.before(), request);
            long generation = seal.before().generation();
            if (hours.isEmpty()) {
                return report(seal, generation, false, false, hours, List.of(), deleted, leftovers);
            }
            List<LakeFile> merged = merge(hours, generation + 1);
            try {
                stops.reached(Stops.Step.ALL_MERGED);
                generation = commit(seal, hours, merged).generation();
            } catch (IOException | RuntimeException e) {
                // Where the commit may have happened the files belong to it; the next run finds out.
                Path manifest =
                        tenantRoot.resolve(LakePath.EVENT_MANIFESTS).resolve(LakeManifest.fileName(generation + 1));
                if (!Files.exists(manifest)) {
                    delete(merged);
                }
                throw e;
            }
            stops.reached(Stops.Step.COMMITTED);
            return report(seal, generation, true, false, hours, merged, deleted, leftovers);
        }
    }

    private static LakeManifest commit(ManifestSeal seal, List<SmallFiles> hours, List<LakeFile> merged)
            throws IOException {
        Map<String, String> writer = new LinkedHashMap<>(EventFileWriter.versions());
        writer.put("schema", EventSchema.LAKE.name());
        List<String> gone = hours.stream()
                .flatMap(hour -> hour.files().stream())
                .map(LakeFile::path)
                .toList();
        return seal.commit(merged, gone, List.of(), 0, writer);
    }

    private List<LakeFile> merge(List<SmallFiles> hours, long generation) throws IOException {
        progress.begin(
                "compacting", 2 * hours.stream().mapToLong(SmallFiles::rows).sum());
        Path work = tenantRoot.resolve(ManifestSeal.WORK);
        Folders.create(work);
        HourMerge merge = new HourMerge(tenantRoot, generation, limits.layout(), progress);
        int workers = Math.max(1, Math.min(limits.workers(), hours.size()));
        ExecutorService pool = Executors.newFixedThreadPool(workers, task -> new Thread(task, "lake-compact"));
        List<Future<List<LakeFile>>> futures = new ArrayList<>();
        for (SmallFiles hour : hours) {
            String name = "merge-" + futures.size();
            futures.add(pool.submit(() -> {
                List<LakeFile> files = merge.merge(hour, new SortedEvents(work, name, limits.memory() / workers));
                stops.reached(Stops.Step.HOUR_MERGED);
                return files;
            }));
        }
        return collect(pool, futures);
    }

    /** Waits for all; the first failure stops the rest and removes what the others wrote. */
    private List<LakeFile> collect(ExecutorService pool, List<Future<List<LakeFile>>> futures) throws IOException {
        List<LakeFile> merged = new ArrayList<>();
        int done = 0;
        try {
            for (Future<List<LakeFile>> future : futures) {
                merged.addAll(future.get());
                done++;
            }
            return merged;
        } catch (ExecutionException | InterruptedException failure) {
            // What never began ends here; what runs sees the interrupt within a thousand rows.
            pool.shutdownNow().forEach(never -> ((Future<?>) never).cancel(false));
            for (Future<List<LakeFile>> future : futures.subList(done, futures.size())) {
                await(future, merged);
            }
            delete(merged);
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("the compaction was interrupted").initCause(failure);
            }
            if (failure.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException("the compaction failed: " + failure.getCause(), failure.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(Future<List<LakeFile>> future, List<LakeFile> merged) {
        while (true) {
            try {
                merged.addAll(future.get());
                return;
            } catch (ExecutionException | CancellationException e) {
                return;
            } catch (InterruptedException e) {
                // Stopping already; the files of a task that still runs must not outlive this, so wait on.
            }
        }
    }

    private void delete(List<LakeFile> files) throws IOException {
        for (LakeFile file : files) {
            Files.deleteIfExists(tenantRoot.resolve(file.path()));
        }
    }

    private static CompactReport report(
            ManifestSeal seal,
            long generation,
            boolean sealed,
            boolean dryRun,
            List<SmallFiles> hours,
            List<LakeFile> merged,
            int deleted,
            int leftovers) {
        return new CompactReport(
                generation,
                sealed,
                dryRun,
                hours.size(),
                hours.stream().mapToInt(hour -> hour.files().size()).sum(),
                hours.stream().mapToLong(SmallFiles::bytes).sum(),
                hours.stream().mapToLong(SmallFiles::rows).sum(),
                merged.size(),
                merged.stream().mapToLong(LakeFile::bytes).sum(),
                deleted,
                seal.superseded(),
                leftovers);
    }
}
