package io.tidemark.exchange.emission;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
 * <p><b>Positions.</b> A position counts everything a client was given: frames of the tape that it had
 * subscribed to, and answers and books put between them. A client that says how many frames it has
 * logged is continued at that number less its base, whatever this process had handed out before. Since
 * the tape is the same at each opening and all else stands in the {@link Timeline}, which is on disk
 * before the frame it speaks of leaves, a kill of either side repeats and loses nothing. With a
 * resuming client, what only others get is not counted.
 *
 * <p><b>Patience.</b> Patient, it stands still while nobody is subscribed. Otherwise it goes on by the
 * clock from its first client on, and frames without a listener count as emitted and as unheard.
 */
public final class Emission<R extends Reel> implements AutoCloseable {
    private static final Logger LOG = System.getLogger("exchange.emission");
    private static final int BATCH = 256;
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long SAVE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Progress<R> progress;
    private final Strikes<R> strikes;
    private final Pace pace;
    private final boolean patient;
    private final StateStore store;
    private final LongSupplier nanoClock;
    private final Consumer<Throwable> onFailure;
    private final BlockingQueue<Runnable> inbox = new ArrayBlockingQueue<>(4096);
    private final Thread thread = new Thread(this::run, "emission");

    private final List<Seat> seats = new ArrayList<>();
    private RunState state;
    private long savedEdits;
    private boolean started;
    private boolean finished;
    private long unheard;
    private long savedAt;
    private volatile boolean stopping;
    private volatile EmissionStatus status;

    /**
     * @param state of the earlier incarnation, or a fresh one
     * @param onFailure told once if the tape cannot be read on or the state not saved; the emission has
     *     ended then
     */
    public Emission(
            Tape<R> tape,
            Pace pace,
            boolean patient,
            Disturbance disturbance,
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
        this.progress = new Progress<>(tape, new Timeline(state.edits()), state.emitted());
        this.strikes = new Strikes<>(disturbance, progress, patient);
        this.finished = state.finished();
        this.status = snapshot(state.position() > 0);
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
            strikes.forget();
            if (patient && logged != null) {
                saving(() -> resume(seat, logged));
            }
            subscribe(seat, streams, streams, List.of());
        });
    }

    /**
     * Replaces what a connected client wants.
     *
     * @param asked of these, what it asked for just now; it is given their books as they stand
     * @param answers to its requests, given to it first
     */
    public boolean subscribe(Receiver receiver, Set<String> streams, Set<String> asked, List<String> answers) {
        return post(() -> {
            for (Seat seat : seats) {
                if (seat.receiver == receiver) {
                    subscribe(seat, streams, asked, answers);
                    return;
                }
            }
        });
    }

    /** Never dropped: a client that is gone must not hold the others. */
    public void leave(Receiver receiver) {
        Runnable leave = () -> {
            seats.removeIf(seat -> seat.receiver == receiver);
            number();
        };
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
            if (state.position() > 0) {
                progress.seek(state.position(), () -> stopping);
                status = snapshot(false);
            }
            while (!stopping) {
                for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
                    task.run();
                }
                long wait = step();
                save(false);
                status = snapshot(false);
                if (wait > 0 && inbox.isEmpty()) {
                    LockSupport.parkNanos(this, Math.min(wait, IDLE_NANOS));
                }
            }
            save(true);
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
            boolean listened = listened();
            if (!listened && (patient || !started)) {
                return IDLE_NANOS;
            }
            Frame frame = progress.peek();
            if (frame == null) {
                return end();
            }
            List<Seat> wanting = wanting(frame);
            boolean counts = progress.counts(frame);
            if (!counts && wanting.isEmpty()) {
                progress.skip();
                continue;
            }
            long now = nanoClock.getAsLong();
            long wait = strikes.floods(now) ? 0 : pace.waitNanos(frame.timeNanos(), now);
            wait = wait > 0 ? wait : strikes.silence(now);
            if (wait > 0) {
                return wait;
            }
            if (!roomForAll()) {
                return IDLE_NANOS;
            }
            if (!counts) {
                progress.skip();
                wanting.forEach(seat -> seat.receiver.send(seat.receiver.form(frame)));
                continue;
            }
            if (listened && !handOut(frame, wanting, now)) {
                return IDLE_NANOS;
            }
            if (!listened) {
                progress.count();
                unheard++;
            }
        }
        return 0;
    }

    /** False if the frame cannot go yet. */
    private boolean handOut(Frame frame, List<Seat> wanting, long now) {
        Runnable save = () -> saving(() -> save(true));
        strikes.strike(wanting, now, save);
        if (strikes.cuts()) {
            if (!drained()) {
                return false;
            }
            List<Seat> cut = Seat.counting(seats);
            seats.removeAll(cut);
            strikes.cut(cut, frame, save);
            return true;
        }
        if (!roomForAll() || strikes.silence(now) > 0) {
            return false;
        }
        if (strikes.keeps(frame, wanting)) {
            return true;
        }
        Map<Seat, String> texts = new LinkedHashMap<>();
        wanting.forEach(seat -> texts.put(seat, seat.receiver.form(frame)));
        if (strikes.delays(texts)) {
            return true;
        }
        if (progress.editions() != savedEdits) {
            save.run();
        }
        progress.count();
        texts.forEach((seat, text) -> seat.receiver.send(text));
        strikes.sent(texts, save);
        return true;
    }

    private long end() throws IOException {
        strikes.release(() -> saving(() -> save(true)));
        if (!drained()) {
            return IDLE_NANOS;
        }
        if (!finished) {
            finished = true;
            save(true);
            LOG.log(Level.INFO, "end of the recording: {0} frames emitted", Long.toString(progress.emitted()));
        }
        seats.removeIf(seat -> {
            if (!seat.listens()) {
                return false;
            }
            seat.receiver.finish();
            return true;
        });
        return IDLE_NANOS;
    }

    private boolean drained() {
        for (Seat seat : seats) {
            if (!seat.receiver.drained()) {
                return false;
            }
        }
        return true;
    }

    private boolean roomForAll() {
        for (Seat seat : seats) {
            if (!seat.receiver.hasRoom()) {
                return false;
            }
        }
        return true;
    }

    private boolean listened() {
        for (Seat seat : seats) {
            if (seat.listens()) {
                return true;
            }
        }
        return false;
    }

    private List<Seat> wanting(Frame frame) {
        List<Seat> wanting = new ArrayList<>(seats.size());
        for (Seat seat : seats) {
            if (seat.streams.contains(frame.stream())) {
                wanting.add(seat);
            }
        }
        return wanting;
    }

    private void subscribe(Seat seat, Set<String> streams, Set<String> asked, List<String> answers) {
        boolean stoodStill = !started || (patient && !listened());
        boolean begins = !seat.listens() && !streams.isEmpty();
        seat.streams = Set.copyOf(streams);
        if (begins) {
            started = true;
            if (stoodStill) {
                pace.reset();
            }
            progress.reel().joined();
        }
        number();
        saving(() -> {
            List<String> texts = new ArrayList<>(answers);
            if (!asked.isEmpty() && progress.peek() != null) {
                for (Frame frame : progress.reel().greeting(asked)) {
                    texts.add(seat.receiver.form(frame));
                }
            }
            insert(seat, texts);
        });
    }

    /** Counts what the clients want now; with nobody there it stays as it was. */
    private void number() {
        Set<String> numbering = new TreeSet<>();
        Seat.counting(seats).forEach(seat -> numbering.addAll(seat.streams));
        if (!numbering.isEmpty()) {
            progress.number(Set.copyOf(numbering));
        }
    }

    private void insert(Seat seat, List<String> texts) throws IOException {
        if (texts.isEmpty()) {
            return;
        }
        if (seat.logged != null || state.base() == null) {
            progress.insert(texts.size());
            save(true);
        }
        texts.forEach(seat.receiver::send);
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
        long target = logged - base;
        LOG.log(
                Level.INFO,
                "{0} has logged {1} frames: going on after frame {2}",
                seat.receiver.describe(),
                Long.toString(logged),
                Long.toString(target));
        pace.reset();
        status = snapshot(true);
        long before = progress.emitted();
        boolean found = progress.resume(target, () -> stopping);
        finished = finished && found && progress.emitted() >= before && progress.peek() == null;
        savedEdits = progress.editions();
        state = new RunState(
                state.run(), state.start(), base, progress.edits(), progress.position(), progress.emitted(), finished);
        store.save(state);
        if (!found && !stopping) {
            LOG.log(
                    Level.WARNING,
                    "frame {0} was asked for, but there are {1} in all",
                    Long.toString(target),
                    Long.toString(progress.position()));
        }
    }

    /** Saves at once, or when something moved and the last time is long enough ago. */
    private void save(boolean always) throws IOException {
        long clock = nanoClock.getAsLong();
        if (!always && clock - savedAt < SAVE_NANOS) {
            return;
        }
        savedAt = clock;
        savedEdits = progress.editions();
        RunState now = new RunState(
                state.run(),
                state.start(),
                state.base(),
                progress.edits(),
                progress.position(),
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
                progress.inserted(),
                progress.withheld(),
                progress.added(),
                unheard,
                progress.skipped(),
                progress.byKind(),
                finished,
                seats.size(),
                seeking,
                state.base(),
                progress.timeNanos(),
                progress.sortedStreams());
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

    private interface Saving {
        void run() throws IOException;
    }

    private static void saving(Saving task) {
        try {
            task.run();
        } catch (IOException e) {
            throw new Unsaved(e);
        }
    }

    /** Carries a failed save or read out of a task of the inbox. */
    private static final class Unsaved extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unsaved(IOException cause) {
            super(cause);
        }
    }
}
