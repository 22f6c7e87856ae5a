package io.tidemark.exchange.emission;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands the frames of one tape to the clients: one order, one position, for all who are connected.
 *
 * <p>One thread owns everything; others speak to it through a bounded queue ({@link #join}, {@link
 * #ask}, ...) and read {@link #status()}. A frame is taken from the tape only when every client has
 * room, so the slowest one paces the emission and nothing piles up.
 *
 * <p><b>Positions.</b> A position counts the frames of the subscribed streams from the beginning of
 * the tape. A client that says how many frames it has logged is continued at that number less its
 * base, whatever this process had handed out before; positions are then counted over the streams with
 * which that client begins. Since the tape is the same at each opening, a kill of either side
 * repeats and loses nothing. The base is on disk before the first frame leaves. Streams that a client
 * adds or removes later are obeyed, but a place found again after that is exact only if it begins with
 * the same streams again.
 *
 * <p><b>Patience.</b> Patient, it stands still while nobody is subscribed. Otherwise it goes on by the
 * clock from its first client on, and frames without a listener count as emitted.
 */
public final class Emission<R extends Reel> implements AutoCloseable {
    private static final Logger LOG = System.getLogger("exchange.emission");
    private static final int BATCH = 256;
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Progress<R> progress;
    private final Pace pace;
    private final boolean patient;
    private final StateStore store;
    private final LongSupplier nanoClock;
    private final Consumer<Throwable> onFailure;
    private final BlockingQueue<Runnable> inbox = new ArrayBlockingQueue<>(4096);
    private final Thread thread = new Thread(this::run, "emission");

    private final List<Seat> seats = new ArrayList<>();
    private RunState state;
    private boolean started;
    private boolean finished;
    private long savedAt;
    private volatile boolean stopping;
    private volatile EmissionStatus status;

    /** A client and what it wants. */
    private static final class Seat {
        final Receiver receiver;
        final @Nullable Long logged;
        Set<String> streams = Set.of();

        Seat(Receiver receiver, @Nullable Long logged) {
            this.receiver = receiver;
            this.logged = logged;
        }
    }

    /**
     * @param state of the earlier incarnation, or a fresh one
     * @param onFailure told once if the tape cannot be read on or the state not saved; the emission has
     *     ended then
     */
    public Emission(
            Tape<R> tape,
            Pace pace,
            boolean patient,
            RunState state,
            StateStore store,
            LongSupplier nanoClock,
            Consumer<Throwable> onFailure)
            throws IOException {
        this.pace = pace;
        this.patient = patient;
        this.state = state;
        this.store = store;
        this.nanoClock = nanoClock;
        this.onFailure = onFailure;
        this.progress = new Progress<>(tape, state.emitted());
        this.finished = state.finished();
        this.status = snapshot(state.emitted() > 0);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** A client connected; {@code logged} is how many frames it has in its log, if it says so. */
    public boolean join(Receiver receiver, Set<String> streams, @Nullable Long logged) {
        return post(() -> {
            Seat seat = new Seat(receiver, logged);
            seats.add(seat);
            subscribe(seat, streams);
        });
    }

    /** Replaces what a connected client wants. */
    public boolean subscribe(Receiver receiver, Set<String> streams) {
        return post(() -> {
            for (Seat seat : seats) {
                if (seat.receiver == receiver) {
                    subscribe(seat, streams);
                    return;
                }
            }
        });
    }

    /** Never dropped: a client that is gone must not hold the others. */
    public void leave(Receiver receiver) {
        Runnable leave = () -> seats.removeIf(seat -> seat.receiver == receiver);
        while (!inbox.offer(leave) && thread.isAlive()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        wake();
    }

    /** Asks the reel as it stands between two frames; fails when too much is asked at once. */
    public <T> CompletionStage<T> ask(Function<R, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean taken = post(() -> {
            try {
                answer.complete(question.apply(progress.reel()));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        if (!taken) {
            answer.completeExceptionally(new IllegalStateException("too many requests at once"));
        }
        return answer;
    }

    /** A receiver has room again or is drained. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    public EmissionStatus status() {
        return status;
    }

    private boolean post(Runnable task) {
        boolean taken = !stopping && inbox.offer(task);
        wake();
        return taken;
    }

    private void run() {
        try {
            savedAt = nanoClock.getAsLong();
            if (!state.streams().isEmpty()) {
                progress.number(Set.copyOf(state.streams()));
                seek(state.emitted(), Set.copyOf(state.streams()));
                status = snapshot(false);
            }
            while (!stopping) {
                for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
                    task.run();
                }
                long wait = step();
                saveNow(false);
                status = snapshot(false);
                if (wait > 0 && inbox.isEmpty()) {
                    LockSupport.parkNanos(this, Math.min(wait, IDLE_NANOS));
                }
            }
            saveNow(true);
        } catch (Unsaved e) {
            onFailure.accept(e.getCause() == null ? e : e.getCause());
        } catch (IOException | RuntimeException e) {
            onFailure.accept(e);
        } finally {
            progress.close();
        }
    }

    /** Hands out up to one batch; the nanoseconds after which it makes sense to try again. */
    private long step() throws IOException {
        for (int i = 0; i < BATCH; i++) {
            boolean listened = listeners() > 0;
            if (!listened && (patient || !started)) {
                return IDLE_NANOS;
            }
            Frame frame = progress.peek();
            if (frame == null) {
                return end();
            }
            if (!wanted(frame.stream(), listened)) {
                progress.skip();
                continue;
            }
            long wait = pace.waitNanos(frame.timeNanos(), nanoClock.getAsLong());
            if (wait > 0) {
                return wait;
            }
            for (Seat seat : seats) {
                if (!seat.receiver.hasRoom()) {
                    return IDLE_NANOS;
                }
            }
            progress.count();
            for (Seat seat : seats) {
                if (seat.streams.contains(frame.stream())) {
                    seat.receiver.send(frame);
                }
            }
        }
        return 0;
    }

    private long end() throws IOException {
        for (Seat seat : seats) {
            if (!seat.receiver.drained()) {
                return IDLE_NANOS;
            }
        }
        if (!finished) {
            finished = true;
            saveNow(true);
            LOG.log(Level.INFO, "end of the recording: {0} frames emitted", Long.toString(progress.emitted()));
        }
        seats.removeIf(seat -> {
            if (seat.streams.isEmpty()) {
                return false;
            }
            seat.receiver.finish();
            return true;
        });
        return IDLE_NANOS;
    }

    private int listeners() {
        int listeners = 0;
        for (Seat seat : seats) {
            listeners += seat.streams.isEmpty() ? 0 : 1;
        }
        return listeners;
    }

    private boolean wanted(String stream, boolean listened) {
        if (!listened) {
            return progress.numbering().contains(stream);
        }
        for (Seat seat : seats) {
            if (seat.streams.contains(stream)) {
                return true;
            }
        }
        return false;
    }

    private void subscribe(Seat seat, Set<String> streams) {
        boolean begins = seat.streams.isEmpty() && !streams.isEmpty();
        seat.streams = Set.copyOf(streams);
        if (!begins) {
            return;
        }
        boolean stoodStill = !started || (patient && listeners() == 1);
        started = true;
        try {
            if (patient && seat.logged != null) {
                resume(seat, seat.logged);
            } else if (progress.position() == 0) {
                progress.number(seat.streams);
                saveNow(true);
            }
        } catch (IOException e) {
            throw new Unsaved(e);
        }
        if (stoodStill) {
            pace.reset();
        }
        progress.reel().joined();
    }

    private void resume(Seat seat, long logged) throws IOException {
        for (Seat older : List.copyOf(seats)) {
            if (older != seat && older.logged != null) {
                seats.remove(older);
                older.receiver.replaced();
            }
        }
        @Nullable Long base = state.base();
        if (base == null || logged < base) {
            if (base != null) {
                LOG.log(
                        Level.WARNING,
                        "{0} has {1} frames, fewer than the {2} of its first connection: its log was lost, it is"
                                + " served from the beginning",
                        seat.receiver.describe(),
                        Long.toString(logged),
                        base.toString());
            }
            base = logged;
        }
        state = new RunState(
                state.run(),
                state.start(),
                base,
                seat.streams.stream().sorted().toList(),
                progress.emitted(),
                state.finished());
        store.save(state);
        long target = logged - base;
        LOG.log(
                Level.INFO,
                "{0} has logged {1} frames: going on after frame {2}",
                seat.receiver.describe(),
                Long.toString(logged),
                Long.toString(target));
        pace.reset();
        seek(target, seat.streams);
    }

    private void seek(long target, Set<String> numbering) throws IOException {
        status = snapshot(true);
        finished = finished && target >= progress.emitted() && numbering.equals(progress.numbering());
        boolean found = progress.seek(target, numbering, () -> stopping);
        if (!found && !stopping) {
            LOG.log(
                    Level.WARNING,
                    "frame {0} was asked for, but there are {1} in all",
                    Long.toString(target),
                    Long.toString(progress.position()));
        }
    }

    /** Saves at once, or when something moved and the last time is long enough ago. */
    private void saveNow(boolean always) throws IOException {
        long clock = nanoClock.getAsLong();
        if (!always && clock - savedAt < SAVE_NANOS) {
            return;
        }
        savedAt = clock;
        RunState now = new RunState(
                state.run(),
                state.start(),
                state.base(),
                progress.numbering().stream().sorted().toList(),
                progress.emitted(),
                finished);
        if (!now.equals(state)) {
            state = now;
            store.save(now);
        }
    }

    private EmissionStatus snapshot(boolean seeking) {
        return new EmissionStatus(
                progress.position(),
                progress.emitted(),
                progress.skipped(),
                progress.byKind(),
                finished,
                seats.size(),
                seeking,
                state.base(),
                progress.timeNanos(),
                progress.numbering().stream().sorted().toList());
    }

    /** Stops after the frame in hand and saves the place. */
    @Override
    public void close() {
        stopping = true;
        wake();
        if (thread.isAlive()) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Carries a failed save out of a task of the inbox. */
    private static final class Unsaved extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unsaved(IOException cause) {
            super(cause);
        }
    }
}
