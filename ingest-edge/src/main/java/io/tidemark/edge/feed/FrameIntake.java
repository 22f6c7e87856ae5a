package io.tidemark.edge.feed;

import io.tidemark.contracts.proto.FrameKind;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.edge.log.Journal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Takes one source's frames in order: receive time, record, decode, commit.
 *
 * <p>Everything that comes of a frame is one batch. A frame that cannot be decoded stays in the record, its
 * events are taken back and its bytes quarantined. Called on the feed's thread only; a failure of the journal
 * itself goes to the caller, who stops the feed.
 */
final class FrameIntake {
    private static final Logger LOG = Logger.getLogger(FrameIntake.class);

    private final Journal journal;
    private final EventRecorder recorder;
    private final Venue venue;
    private final TradeListener listener;
    private final Quarantine quarantine;
    private final InstantSource clock;
    private final LongSupplier monotonic;
    private volatile long frames;
    private volatile long lastFrameTime;
    private volatile long lastDataTime;
    private volatile long lastRecordTime;
    private long thinnedSince;

    FrameIntake(
            Journal journal,
            EventRecorder recorder,
            Venue venue,
            TradeListener listener,
            Quarantine quarantine,
            InstantSource clock,
            LongSupplier monotonic) {
        this.journal = journal;
        this.recorder = recorder;
        this.venue = venue;
        this.listener = listener;
        this.quarantine = quarantine;
        this.clock = clock;
        this.monotonic = monotonic;
        this.frames = journal.framesLogged();
    }

    EventRecorder recorder() {
        return recorder;
    }

    /** WebSocket frames of the source in its log, of all incarnations. */
    long frames() {
        return frames;
    }

    /** When the last frame of this run came; 0 before the first. */
    long lastFrameTime() {
        return lastFrameTime;
    }

    /** The same of a frame that held more than a heartbeat or an acknowledgement. */
    long lastDataTime() {
        return lastDataTime;
    }

    /**
     * A message of a connection that overlapped with an older one: what that one had delivered too is no event a second
     * time. Whether it brought data.
     */
    boolean overlapping(Handover.Held held) {
        try {
            if (venue.repeats(held.bytes(), 0, held.bytes().length)) {
                return true;
            }
        } catch (BadFrameException e) {
            // It is quarantined where it is decoded.
        }
        return frame(held.kind(), held.bytes(), 0, held.bytes().length, held.receiveTime());
    }

    /** Whether the message brought data. */
    boolean frame(FrameKind kind, byte[] bytes, int offset, int length) {
        return frame(kind, bytes, offset, length, now());
    }

    private boolean frame(FrameKind kind, byte[] bytes, int offset, int length, long now) {
        lastFrameTime = now;
        try {
            return record(kind, bytes, offset, length, now);
        } catch (OutOfMemoryError e) {
            // Nothing of the message is recorded; its feed sees to it that it is sent again or stands as a gap.
            recorder.abandon();
            venue.distrust();
            throw e;
        }
    }

    private boolean record(FrameKind kind, byte[] bytes, int offset, int length, long now) {
        recorder.begin(now, monotonic.getAsLong());
        recorder.frame(kind, bytes, offset, length);
        recorder.mark();
        try {
            venue.frame(bytes, offset, length);
        } catch (BadFrameException e) {
            recorder.rollback();
            quarantine.put(e, now, journal.framesLogged(), bytes, offset, length);
        } catch (RuntimeException e) {
            recorder.rollback();
            LOG.errorf(e, "a frame could not be decoded because of a defect; it is in quarantine");
            quarantine.put(internal(e), now, journal.framesLogged(), bytes, offset, length);
            venue.distrust();
        }
        boolean data = recorder.holdsEvents();
        if (data) {
            lastDataTime = now;
        }
        finish(now);
        frames = journal.framesLogged();
        return data;
    }

    /** An answer by REST, handled like a frame. */
    void answer(Instrument instrument, String request, byte[] body, int length, VenueLink.RestListener taker) {
        long now = now();
        recorder.begin(now, monotonic.getAsLong());
        recorder.restFrame(instrument, request, body, length);
        recorder.mark();
        VenueLink.RestFailure failure = null;
        try {
            taker.answered(body, length);
        } catch (BadFrameException e) {
            recorder.rollback();
            quarantine.put(e, now, journal.framesLogged(), body, 0, length);
            failure = new VenueLink.RestFailure(200, null, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            recorder.rollback();
            LOG.errorf(e, "the answer to %s could not be decoded because of a defect", request);
            quarantine.put(internal(e), now, journal.framesLogged(), body, 0, length);
            failure = new VenueLink.RestFailure(200, null, "internal error");
        }
        finish(now);
        if (failure != null) {
            taker.failed(failure);
        }
    }

    private static BadFrameException internal(RuntimeException e) {
        return new BadFrameException(BadFrameException.Reason.INTERNAL_ERROR, e.toString());
    }

    private void finish(long now) {
        recorder.release(listener);
        listener.advance(now);
        recorder.commit();
        lastRecordTime = now;
    }

    /** Closes what the passing of time alone closes. */
    void tick() {
        long now = now();
        recorder.begin(now, monotonic.getAsLong());
        listener.advance(now);
        recorder.commit();
    }

    void session(SessionChange change, String detail) {
        recorder.begin(now(), monotonic.getAsLong());
        recorder.session(change, detail);
        recorder.commit();
    }

    /** Between the last thing recorded and now something may be missing. */
    void gap(GapReason reason, String detail) {
        long now = now();
        recorder.begin(now, monotonic.getAsLong());
        recorder.gap(reason, lastRecordTime == 0 ? now : lastRecordTime, now, detail);
        listener.interrupted();
        recorder.commit();
    }

    /** From now on, or no longer, raw frames and book depth are left out; both are told by a gap event. */
    void thin(boolean on, String detail) {
        long now = now();
        recorder.begin(now, monotonic.getAsLong());
        recorder.gap(GapReason.GAP_REASON_DISK, on ? now : thinnedSince, now, detail);
        recorder.commit();
        recorder.thin(on);
        thinnedSince = now;
    }

    /** The source is not read from now on; the gap's end is told when it is read again. */
    void refusal(String detail) {
        long now = now();
        recorder.begin(now, monotonic.getAsLong());
        recorder.gap(GapReason.GAP_REASON_DISK, now, now, detail);
        recorder.commit();
    }

    /** Closes everything open and notes why. */
    void close(SessionChange change, String detail) {
        long now = now();
        recorder.begin(now, monotonic.getAsLong());
        listener.close(now);
        recorder.session(change, detail);
        recorder.commit();
    }

    /** Nanoseconds since 1970 UTC. */
    long now() {
        return nanos(clock.instant());
    }

    static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
