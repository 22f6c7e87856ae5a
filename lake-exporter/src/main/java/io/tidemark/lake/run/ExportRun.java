package io.tidemark.lake.run;

import io.tidemark.contracts.files.DamagedFileException;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakeManifest;
import io.tidemark.contracts.lake.LakeManifest.RawInput;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.events.SortedEvents;
import io.tidemark.lake.manifest.Folders;
import io.tidemark.lake.manifest.LakeLock;
import io.tidemark.lake.manifest.ManifestSeal;
import io.tidemark.lake.run.Checkpoints.Step;
import io.tidemark.lake.run.ExportRequest.OnDamaged;
import io.tidemark.lake.run.InputCheck.Checked;
import io.tidemark.lake.run.InstrumentExport.Outcome;
import io.tidemark.lake.source.RawFile;
import io.tidemark.lake.source.RawLake;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One export into the sealed event lake: takes the lock, reads what is new, writes files, commits one generation.
 *
 * <p>Killed at any moment it leaves the state before or the state after; the next run removes what lies about. A
 * run that fails removes its files itself. The same raw files in the same order of runs give the same bytes,
 * names and hashes, on any machine and with any number of workers.
 */
public final class ExportRun {
    private final Path tenantRoot;
    private final String tenant;
    private final ExportLimits limits;
    private final ExportProgress progress;
    private final Checkpoints checkpoints;

    public ExportRun(Path lakeRoot, String tenant, ExportLimits limits, ExportProgress progress) {
        this(lakeRoot, tenant, limits, progress, Checkpoints.NONE);
    }

    ExportRun(Path lakeRoot, String tenant, ExportLimits limits, ExportProgress progress, Checkpoints checkpoints) {
        this.tenantRoot = LakePath.tenantRoot(lakeRoot, tenant);
        this.tenant = tenant;
        this.limits = limits;
        this.progress = progress;
        this.checkpoints = checkpoints;
    }

    /** What was found and not read yet. */
    private static final class Plan {
        private final List<RawFile> inputs = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private final List<String> damaged = new ArrayList<>();
        private int consumedBefore;
        private int incomplete;
    }

    /**
     * Throws {@link DamagedFileException} for a damaged raw file where the request says so, and
     * {@link IOException} for everything else that stands in the way; the message names the file.
     */
    public ExportReport run(ExportRequest request) throws IOException {
        RawLake raw = new RawLake(tenantRoot);
        for (String edge : request.edges()) {
            // Before anything is created: a mistyped lake or edge must leave no trace.
            if (!raw.knows(edge)) {
                throw new NoSuchFileException(raw.folder(edge) + ": edge \"" + edge + "\" has brought nothing here");
            }
        }
        if (request.dryRun()) {
            return dryRun(request);
        }
        try (LakeLock lock = LakeLock.take(tenantRoot, limits.lockWait())) {
            checkpoints.reached(Step.LOCKED);
            ManifestSeal seal = new ManifestSeal(tenantRoot, tenant);
            int leftovers = seal.removeLeftovers();
            checkpoints.reached(Step.LEFTOVERS_REMOVED);
            Plan plan = plan(request, seal);
            List<Checked> checked = check(plan, request.onDamaged());
            checkpoints.reached(Step.INPUTS_CHECKED);
            List<Outcome> outcomes = export(checked, request, seal);
            try {
                checkpoints.reached(Step.ALL_WRITTEN);
                return commit(seal, plan, checked, outcomes, leftovers);
            } catch (IOException | RuntimeException e) {
                // Where the commit may have happened the files belong to it; the next run finds out.
                if (!Files.exists(manifest(seal.before().generation() + 1))) {
                    delete(outcomes);
                }
                throw e;
            }
        }
    }

    private Path manifest(long generation) {
        return tenantRoot.resolve(LakePath.EVENT_MANIFESTS).resolve(LakeManifest.fileName(generation));
    }

    private ExportReport dryRun(ExportRequest request) throws IOException {
        ManifestSeal seal = new ManifestSeal(tenantRoot, tenant);
        Plan plan = plan(request, seal);
        List<Checked> checked = check(plan, request.onDamaged());
        return report(seal.before().generation(), false, true, plan, checked, List.of(), 0);
    }

    private Plan plan(ExportRequest request, ManifestSeal seal) throws IOException {
        RawLake raw = new RawLake(tenantRoot);
        Plan plan = new Plan();
        for (String edge : request.edges().stream().distinct().sorted().toList()) {
            RawLake.Found found = raw.find(edge, request.includeIncomplete());
            plan.notes.addAll(found.notes());
            plan.incomplete += found.incomplete();
            for (RawFile file : found.files()) {
                if (seal.isConsumed(edge, file.path(), file.bytes())) {
                    plan.consumedBefore++;
                } else {
                    plan.inputs.add(file);
                }
            }
        }
        return plan;
    }

    private List<Checked> check(Plan plan, OnDamaged onDamaged) throws IOException {
        progress.begin("checking raw files", plan.inputs.size());
        List<Checked> checked = new ArrayList<>();
        for (RawFile input : plan.inputs) {
            try {
                checked.add(InputCheck.check(input, onDamaged == OnDamaged.SKIP));
            } catch (DamagedFileException e) {
                if (onDamaged == OnDamaged.REFUSE) {
                    throw e;
                }
                plan.damaged.add(String.valueOf(e.getMessage()));
            }
            progress.advance(1);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("the export was interrupted");
            }
        }
        return checked;
    }

    private List<Outcome> export(List<Checked> inputs, ExportRequest request, ManifestSeal seal) throws IOException {
        Map<String, List<Checked>> instruments = new TreeMap<>();
        for (Checked input : inputs) {
            String key = input.input().segment().source() + "\n"
                    + input.input().segment().symbol();
            instruments.computeIfAbsent(key, name -> new ArrayList<>()).add(input);
        }
        if (instruments.isEmpty()) {
            return List.of();
        }
        // Every row is read once and written once.
        progress.begin("sealing", 2 * inputs.stream().mapToLong(Checked::rows).sum());
        Path work = tenantRoot.resolve(ManifestSeal.WORK);
        Folders.create(work);
        int workers = Math.max(1, Math.min(limits.workers(), instruments.size()));
        InstrumentExport export = new InstrumentExport(
                tenantRoot, tenant, request.range(), seal.before(), limits.layout(), progress, checkpoints);
        ExecutorService pool = Executors.newFixedThreadPool(workers, task -> new Thread(task, "lake-export"));
        List<Future<Outcome>> futures = new ArrayList<>();
        for (List<Checked> instrument : instruments.values()) {
            String name = "sort-" + futures.size();
            futures.add(pool.submit(
                    () -> export.export(instrument, new SortedEvents(work, name, limits.memory() / workers))));
        }
        return collect(pool, futures);
    }

    /** Waits for all; the first failure stops the rest and removes what the others wrote. */
    private List<Outcome> collect(ExecutorService pool, List<Future<Outcome>> futures) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        try {
            for (Future<Outcome> future : futures) {
                outcomes.add(future.get());
            }
            return outcomes;
        } catch (ExecutionException | InterruptedException failure) {
            // What never began ends here; what runs sees the interrupt within a thousand rows.
            pool.shutdownNow().forEach(never -> ((Future<?>) never).cancel(false));
            for (Future<Outcome> future : futures.subList(outcomes.size(), futures.size())) {
                await(future, outcomes);
            }
            delete(outcomes);
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("the export was interrupted").initCause(failure);
            }
            if (failure.getCause() instanceof IOException io) {
                throw io;
            }
            if (failure.getCause() instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            throw new IOException("the export failed: " + failure.getCause(), failure.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(Future<Outcome> future, List<Outcome> outcomes) {
        while (true) {
            try {
                outcomes.add(future.get());
                return;
            } catch (ExecutionException | CancellationException e) {
                return;
            } catch (InterruptedException e) {
                // Stopping already; the files of a task that still runs must not outlive this, so wait on.
            }
        }
    }

    private void delete(List<Outcome> outcomes) throws IOException {
        for (Outcome outcome : outcomes) {
            for (LakeFile file : outcome.files()) {
                Files.deleteIfExists(tenantRoot.resolve(file.path()));
            }
        }
    }

    private ExportReport commit(
            ManifestSeal seal, Plan plan, List<Checked> checked, List<Outcome> outcomes, int leftovers)
            throws IOException {
        List<LakeFile> added = new ArrayList<>();
        List<RawInput> inputs = new ArrayList<>();
        long repeats = 0;
        for (Outcome outcome : outcomes) {
            added.addAll(outcome.files());
            inputs.addAll(outcome.inputs());
            repeats += outcome.repeats();
        }
        // Files read for a range alone, that brought nothing, change nothing.
        boolean anything = !added.isEmpty() || inputs.stream().anyMatch(RawInput::complete);
        long generation = seal.before().generation();
        if (anything) {
            Map<String, String> writer = new LinkedHashMap<>(EventFileWriter.versions());
            writer.put("schema", EventSchema.LAKE.name());
            generation = seal.commit(added, inputs, repeats, writer).generation();
            checkpoints.reached(Step.COMMITTED);
        }
        return report(generation, anything, false, plan, checked, outcomes, leftovers);
    }

    private static ExportReport report(
            long generation,
            boolean sealed,
            boolean dryRun,
            Plan plan,
            List<Checked> checked,
            List<Outcome> outcomes,
            int leftovers) {
        List<LakeFile> files =
                outcomes.stream().flatMap(outcome -> outcome.files().stream()).toList();
        return new ExportReport(
                generation,
                sealed,
                dryRun,
                checked.size(),
                checked.stream().mapToLong(Checked::rows).sum(),
                files.stream().mapToLong(LakeFile::rows).sum(),
                outcomes.stream().mapToLong(Outcome::repeats).sum(),
                outcomes.stream().mapToLong(Outcome::outside).sum(),
                files.size(),
                (int) files.stream()
                        .map(file -> file.source() + "\n" + file.symbol() + "\n" + file.hour())
                        .distinct()
                        .count(),
                files.stream().mapToLong(LakeFile::bytes).sum(),
                plan.consumedBefore,
                plan.incomplete,
                leftovers,
                List.copyOf(plan.damaged),
                List.copyOf(plan.notes));
    }
}
