package io.tidemark.edge.venue;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.LevelList;
import io.tidemark.contracts.proto.Gap;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.edge.book.OrderBook;
import io.tidemark.edge.feed.EventRecorder;
import io.tidemark.edge.feed.Instrument;
import io.tidemark.edge.feed.VenueLink;
import org.jspecify.annotations.Nullable;

/**
 * The book of one instrument of a venue whose socket tells it whole first and then every change.
 *
 * <p>Changes are recorded as received, in step or not. A book is in step from a snapshot on, until a checksum
 * differs, the venue's numbering jumps or the connection is lost. Where there are checksums a lost connection only
 * makes it doubtful: if the next checksum agrees, nothing was missed.
 */
public final class SocketBook {
    /** Whether a book is what the venue says it is. */
    public interface Check {
        boolean agrees(OrderBook book, long checksum);
    }

    private enum State {
        OUT,
        /** In step unless something was missed while no connection stood. */
        DOUBTFUL,
        IN
    }

    private final Instrument instrument;
    private final EventRecorder recorder;
    private final OrderBook book;
    private final @Nullable Check check;
    private final boolean cutByVenue;
    private final int most;
    private int depth;
    private State state = State.OUT;
    private boolean unfit;
    private boolean untold;
    private long lastTime = EventEncoder.ABSENT;
    private long inStepSince = EventEncoder.ABSENT;
    /** Kept here for {@link BookRenewals}: the connection on which a fresh snapshot was asked for. */
    @Nullable
    VenueLink renewingOn;

    int renewals;

    private SocketBook(
            Instrument instrument,
            EventRecorder recorder,
            int depth,
            int most,
            boolean cutByVenue,
            @Nullable Check check) {
        this.instrument = instrument;
        this.recorder = recorder;
        this.depth = depth;
        this.most = most;
        this.cutByVenue = cutByVenue;
        this.check = check;
        this.book = new OrderBook(most);
    }

    /**
     * Of a venue that tells of so many levels only, and not when one falls out of them, and that sends checksums.
     *
     * @param most the largest such depth that the venue has
     */
    public static SocketBook cutByVenue(
            Instrument instrument, EventRecorder recorder, int depth, int most, Check check) {
        return new SocketBook(instrument, recorder, depth, most, true, check);
    }

    /** Of a venue that tells of all levels; the best {@code depth} are kept. No checksums: {@code check} is null. */
    public static SocketBook whole(Instrument instrument, EventRecorder recorder, int depth, @Nullable Check check) {
        return new SocketBook(instrument, recorder, depth, depth, false, check);
    }

    public OrderBook book() {
        return book;
    }

    public Instrument instrument() {
        return instrument;
    }

    public boolean inStep() {
        return state == State.IN;
    }

    /** A fresh snapshot would help. */
    boolean wantsSnapshot() {
        return state != State.IN && !unfit;
    }

    /** Since it was last in step by a snapshot or a proof; {@code ABSENT} when it never was. */
    long inStepSince() {
        return inStepSince;
    }

    /** The venue said how many levels it tells of. */
    public void depth(int told) {
        depth = Math.min(told, most);
    }

    /** Records a snapshot and starts the book from it. Ids, time and checksum are {@code ABSENT} where there are none. */
    public void snapshot(long time, long lastUpdateId, LevelList bids, LevelList asks, long checksum) {
        tell(time);
        boolean before = inStep();
        unfit = !book.load(bids, asks, Integer.MAX_VALUE);
        if (cutByVenue) {
            book.truncate(depth);
        }
        boolean agrees = !unfit && agrees(checksum);
        // What the levels' scales are when they are recorded is not how they were spelled: first the book.
        recorder.socketSnapshot(instrument, time, lastUpdateId, bids, asks, checksum);
        if (!unfit && check != null && checksum != EventEncoder.ABSENT) {
            recorder.bookChecked(agrees);
        }
        if (agrees) {
            state = State.IN;
            inStepSince = recorder.receiveTime();
            if (!before) {
                recorder.session(instrument, SessionChange.SESSION_CHANGE_BOOK_SYNCHRONISED, "from a snapshot");
            }
        } else {
            state = State.OUT;
            if (!unfit) {
                gap(GapReason.GAP_REASON_CHECKSUM, time, "the checksum of a snapshot");
            }
        }
        if (time != EventEncoder.ABSENT) {
            lastTime = time;
        }
    }

    /** Records a change and applies it; says whether the book was in step with it. */
    public boolean change(
            long time,
            long firstUpdateId,
            long lastUpdateId,
            long previousUpdateId,
            LevelList bids,
            LevelList asks,
            long checksum) {
        tell(time);
        boolean inStep = apply(time, bids, asks, checksum);
        recorder.bookDelta(
                instrument, time, firstUpdateId, lastUpdateId, previousUpdateId, bids, asks, checksum, inStep);
        return inStep;
    }

    private void tell(long time) {
        if (untold) {
            untold = false;
            gap(GapReason.GAP_REASON_SEQUENCE, time, "a message could not be read");
        }
    }

    private boolean apply(long time, LevelList bids, LevelList asks, long checksum) {
        if (state == State.OUT || unfit) {
            return false;
        }
        if (!book.apply(bids, asks)) {
            unfit = true;
            state = State.OUT;
            return false;
        }
        if (cutByVenue) {
            book.truncate(depth);
        }
        boolean proof = check != null && checksum != EventEncoder.ABSENT;
        boolean agrees = agrees(checksum);
        boolean inStep = agrees && (proof || state == State.IN);
        if (proof && (agrees || state == State.IN)) {
            recorder.bookChecked(agrees);
        }
        if (!agrees) {
            if (state == State.IN) {
                gap(GapReason.GAP_REASON_CHECKSUM, time, "");
            }
            state = State.OUT;
        } else if (inStep && state == State.DOUBTFUL) {
            state = State.IN;
            inStepSince = recorder.receiveTime();
        }
        if (inStep && !cutByVenue && book.isExhausted()) {
            // What is known of the book is used up; nothing was missed.
            state = State.OUT;
        }
        if (inStep && time != EventEncoder.ABSENT) {
            lastTime = time;
        }
        return inStep;
    }

    private boolean agrees(long checksum) {
        return check == null || checksum == EventEncoder.ABSENT || check.agrees(book, checksum);
    }

    private void gap(GapReason reason, long time, String detail) {
        Gap.Builder gap = Gap.newBuilder()
                .setReason(reason)
                .setGapChannel(Channel.BOOK_DELTAS.label())
                .setDetail(detail);
        if (lastTime != EventEncoder.ABSENT) {
            gap.setFromTime(lastTime);
        }
        gap.setToTime(time == EventEncoder.ABSENT ? recorder.receiveTime() : time);
        recorder.gap(instrument, gap.build());
    }

    /** Changes are missing, as the venue's numbering shows: recorded as a gap unless the book was not in step anyway. */
    public void missed(long time, long expectedId, long receivedId, String detail) {
        if (state == State.IN) {
            Gap.Builder gap = Gap.newBuilder()
                    .setReason(GapReason.GAP_REASON_SEQUENCE)
                    .setGapChannel(Channel.BOOK_DELTAS.label())
                    .setToTime(time == EventEncoder.ABSENT ? recorder.receiveTime() : time)
                    .setDetail(detail);
            if (lastTime != EventEncoder.ABSENT) {
                gap.setFromTime(lastTime);
            }
            if (expectedId != EventEncoder.ABSENT) {
                gap.setExpectedId(expectedId).setReceivedId(receivedId);
            }
            recorder.gap(instrument, gap.build());
        }
        state = State.OUT;
    }

    /** The venue's numbering shows that nothing was missed while no connection stood. */
    public void proved() {
        if (state == State.DOUBTFUL) {
            state = State.IN;
        }
    }

    /** The connection is lost. */
    public void interrupted() {
        if (state == State.IN) {
            state = check == null ? State.OUT : State.DOUBTFUL;
        }
    }

    /** Not to be relied on before the next snapshot; why is told elsewhere. */
    public void leave() {
        state = State.OUT;
    }

    /** A message could not be read that may have been a change: told as a gap with the next change. */
    public void doubt() {
        untold |= state == State.IN;
        state = State.OUT;
    }
}
