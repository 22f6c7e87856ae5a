package io.tidemark.edge.feed;

import io.tidemark.contracts.proto.FrameKind;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.edge.log.Journal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A feed without a network: frames and REST answers are put in by hand. */
public final class IntakeRig {
    /** A question by REST that waits for its answer. */
    public record Question(Instrument instrument, String request, VenueLink.RestListener listener) {}

    public final Journal journal;
    public final HandClock clock = new HandClock(Instant.parse("2024-08-09T00:00:00Z"));
    public final EventRecorder recorder;
    public final ChannelCounts counts = new ChannelCounts((channel, count) -> {});
    public final Map<BadFrameException.Reason, Integer> bad = new EnumMap<>(BadFrameException.Reason.class);
    public final Deque<Question> questions = new ArrayDeque<>();
    public final Deque<Runnable> later = new ArrayDeque<>();
    /** How long what was put off waits, in order. */
    public final List<Duration> waits = new ArrayList<>();
    /** What the venue sent, in order. */
    public final List<String> sent = new ArrayList<>();
    /** Why the venue asked for a new connection. */
    public final List<String> renewals = new ArrayList<>();

    public final Quarantine quarantine;
    public final TradeListener listener;
    public final Venue venue;
    private final FrameIntake intake;

    public IntakeRig(
            Path folder,
            Journal journal,
            Function<EventRecorder, TradeListener> listener,
            Function<EventRecorder, Venue> venue) {
        this.journal = journal;
        this.recorder = new EventRecorder(journal, counts);
        this.listener = listener.apply(recorder);
        this.venue = venue.apply(recorder);
        this.quarantine = new Quarantine(folder, "binance", reason -> bad.merge(reason, 1, Integer::sum));
        this.intake = new FrameIntake(journal, recorder, this.venue, this.listener, quarantine, clock, () -> 0);
    }

    public void open() {
        venue.opened(new VenueLink() {
            @Override
            public void get(Instrument instrument, String pathAndQuery, RestListener taker) {
                questions.addLast(new Question(instrument, pathAndQuery, taker));
            }

            @Override
            public void send(String text) {
                sent.add(text);
            }

            @Override
            public void renew(GapReason reason, String detail) {
                renewals.add(detail);
            }

            @Override
            public void after(Duration delay, Runnable task) {
                waits.add(delay);
                later.addLast(task);
            }
        });
    }

    public void frame(String text) {
        byte[] bytes = ("xx" + text + "y").getBytes(StandardCharsets.UTF_8);
        intake.frame(FrameKind.FRAME_KIND_TEXT, bytes, 2, bytes.length - 3);
    }

    public void frame(byte[] bytes, int offset, int length) {
        intake.frame(FrameKind.FRAME_KIND_TEXT, bytes, offset, length);
    }

    public void answer(Question question, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        intake.answer(question.instrument(), question.request(), bytes, bytes.length, question.listener());
    }

    /** Runs what was put off, once. */
    public void runLater() {
        for (int i = later.size(); i > 0; i--) {
            later.removeFirst().run();
        }
    }

    public long bookChecksPassed() {
        return recorder.bookChecksPassed();
    }

    public long bookChecksFailed() {
        return recorder.bookChecksFailed();
    }

    /** The connection is lost; {@link #open} opens the next. */
    public void lose() {
        venue.closed();
    }

    public void tick() {
        intake.tick();
    }

    public void interrupt() {
        intake.gap(GapReason.GAP_REASON_DISCONNECT, "test");
    }

    public void end() {
        intake.close(io.tidemark.contracts.proto.SessionChange.SESSION_CHANGE_ENDED, "test");
    }
}
