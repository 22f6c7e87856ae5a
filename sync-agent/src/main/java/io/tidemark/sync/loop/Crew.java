package io.tidemark.sync.loop;

import io.tidemark.sync.scan.SourceFile;
import io.tidemark.sync.target.StoppedException;
import io.tidemark.sync.transfer.StopSignal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The threads that bring files in parallel, fed through a short queue by the one that scans. */
final class Crew {
    private static final int QUEUE = 256;
    private static final long POLL_MILLIS = 50;

    private final BlockingQueue<SourceFile> queue = new ArrayBlockingQueue<>(QUEUE);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> broken = new AtomicReference<>();
    private final StopSignal stop;
    private final Work work;
    private volatile boolean halted;
    private volatile boolean complete;

    /** Brings one file; false ends the work of all. */
    interface Work {
        boolean bring(SourceFile file);
    }

    Crew(int size, StopSignal stop, Work work) {
        this.stop = stop;
        this.work = work;
        for (int i = 0; i < size; i++) {
            Thread thread = new Thread(this::run, "sync-" + (i + 1));
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    /** Waits for room in the queue. What is added after the work ended is left undone. */
    void add(SourceFile file) throws StoppedException {
        try {
            while (!halted && !queue.offer(file, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                StoppedException.throwIf(stop);
            }
        } catch (InterruptedException e) {
            stop.stop();
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    /** Returns when all is done or the work ended. Rethrows what no file's failure explains. */
    void finish() {
        complete = true;
        for (Thread thread : threads) {
            joinUninterruptibly(thread);
        }
        Throwable failure = broken.get();
        if (failure != null) {
            throw new IllegalStateException("a copying thread broke: " + failure, failure);
        }
    }

    private void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                stop.stop(); // the threads end within one read
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!halted && !stop.getAsBoolean()) {
                boolean last = complete;
                SourceFile file = queue.poll(last ? 0 : POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (file == null) {
                    if (last) {
                        return;
                    }
                } else if (!work.bring(file)) {
                    halted = true;
                }
            }
        } catch (InterruptedException e) {
            halted = true; // nobody interrupts these threads; should one, its work ends like that of a stop
        } catch (Throwable e) {
            broken.compareAndSet(null, e);
            halted = true;
        }
    }
}
