package io.tidemark.store.admin;

import io.quarkus.runtime.ShutdownEvent;
import io.tidemark.contracts.failure.StartFailure;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Work that takes longer than a request: one at a time, the last twenty remembered. */
@Singleton
final class Jobs {
    private static final int KEPT = 20;

    private final InstantSource clock;
    private final Deque<Job> jobs = new ArrayDeque<>();
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "store-admin-job");
        thread.setDaemon(true);
        return thread;
    });
    private long last;

    @Inject
    Jobs(InstantSource clock) {
        this.clock = clock;
    }

    /** What is to be done; its result becomes JSON. */
    @FunctionalInterface
    interface Work {
        @Nullable
        Object run(Consumer<String> progress) throws Exception;
    }

    /** Where a job is: RUNNING, DONE, FAILED or CANCELLED. */
    record Shown(
            long id,
            String kind,
            String state,
            @Nullable String progress,
            @Nullable Object result,
            @Nullable String problem,
            Instant started,
            @Nullable Instant ended) {}

    private static final class Job {
        private volatile Shown shown;
        private @Nullable Thread thread;
        private boolean cancelled;

        Job(Shown shown) {
            this.shown = shown;
        }
    }

    /** Null when another one is running. */
    synchronized @Nullable Shown start(String kind, Work work) {
        if (!jobs.isEmpty() && jobs.getLast().shown.ended == null) {
            return null;
        }
        Job job = new Job(new Shown(++last, kind, "RUNNING", null, null, null, clock.instant(), null));
        jobs.add(job);
        if (jobs.size() > KEPT) {
            jobs.removeFirst();
        }
        executor.execute(() -> run(job, work));
        return job.shown;
    }

    private void run(Job job, Work work) {
        try {
            if (!begin(job)) {
                throw new InterruptedException();
            }
            Object result = work.run(words -> progress(job, words));
            end(job, "DONE", result, null);
        } catch (InterruptedException e) {
            end(job, "CANCELLED", null, "it was stopped");
        } catch (Exception e) {
            end(job, "FAILED", null, StartFailure.explain(e));
        }
    }

    private synchronized boolean begin(Job job) {
        job.thread = Thread.currentThread();
        return !job.cancelled;
    }

    private static void progress(Job job, String words) {
        Shown now = job.shown;
        job.shown = new Shown(now.id, now.kind, now.state, words, null, null, now.started, null);
    }

    private synchronized void end(Job job, String state, @Nullable Object result, @Nullable String problem) {
        job.thread = null;
        Shown now = job.shown;
        job.shown = new Shown(now.id, now.kind, state, now.progress, result, problem, now.started, clock.instant());
    }

    /** Newest last. */
    synchronized List<Shown> list() {
        List<Shown> shown = new ArrayList<>();
        jobs.forEach(job -> shown.add(job.shown));
        return shown;
    }

    synchronized @Nullable Shown find(long id) {
        return list().stream().filter(shown -> shown.id == id).findFirst().orElse(null);
    }

    /** Stops it where it is; what it has done so far stays. */
    synchronized boolean cancel(long id) {
        for (Job job : jobs) {
            if (job.shown.id == id && job.shown.ended == null) {
                job.cancelled = true;
                if (job.thread != null) {
                    job.thread.interrupt();
                }
                return true;
            }
        }
        return false;
    }

    void stop(@Observes ShutdownEvent event) {
        executor.shutdownNow();
    }
}
