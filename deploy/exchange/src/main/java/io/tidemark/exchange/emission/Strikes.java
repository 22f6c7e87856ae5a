package io.tidemark.exchange.emission;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the troubles of an emission: what is muted, skipped, held back or about to be cut.
 *
 * <p>A frame that is sent late (reorder) counts as withheld at its place and as added at the other, so
 * that a place is found again exactly if the client dies between the two.
 */
final class Strikes<R extends Reel> {
    private static final String RUBBISH = "\u0001{]rubbish: 12e,,\"\u00e9\\";

    private final Disturbance disturbance;
    private final Progress<R> progress;
    private final boolean patient;

    private @Nullable Trouble mute;
    private long muteUntil;
    private @Nullable Trouble skip;
    private long skipLeft;
    private long floodUntil = Long.MIN_VALUE;
    private @Nullable Trouble cutting;
    private @Nullable Trouble reorder;
    private @Nullable Map<Seat, String> late;
    private long asked = -1;

    Strikes(Disturbance disturbance, Progress<R> progress, boolean patient) {
        this.disturbance = disturbance;
        this.progress = progress;
        this.patient = patient;
    }

    boolean floods(long now) {
        return floodUntil != Long.MIN_VALUE && now - floodUntil < 0;
    }

    /** Nanoseconds for which nothing may be sent and nothing is lost either. */
    long silence(long now) {
        if (mute != null && now - muteUntil >= 0) {
            mute = null;
        }
        return mute != null && patient ? muteUntil - now : 0;
    }

    /** Looks up what strikes before the frame at hand; the clients are those that count. */
    void strike(List<Seat> seats, long now, Runnable save) {
        long number = progress.position() - progress.added() + progress.withheld() + 1;
        if (number == asked || cutting != null) {
            return;
        }
        for (Trouble trouble = disturbance.due(number); trouble != null; trouble = disturbance.due(number)) {
            switch (trouble.kind()) {
                case MUTE -> {
                    mute = trouble;
                    muteUntil = now + trouble.amount();
                }
                case SKIP -> {
                    skip = trouble;
                    skipLeft = trouble.amount();
                }
                case FLOOD -> floodUntil = now + trouble.amount();
                case GARBAGE -> {
                    for (long i = 0; i < trouble.amount(); i++) {
                        give(trouble, save, () -> seats.forEach(seat -> seat.receiver.send(RUBBISH)));
                    }
                }
                case HUGE_FRAME -> {
                    long bytes = trouble.amount();
                    give(trouble, save, () -> seats.forEach(seat -> seat.receiver.sendHuge(bytes)));
                }
                case DUPLICATE, REORDER -> reorder = trouble;
                case HALF_FRAME, DISCONNECT, CLOSE -> {
                    cutting = trouble;
                    asked = number;
                    return;
                }
            }
        }
        asked = number;
    }

    private void give(Trouble trouble, Runnable save, Runnable gift) {
        trouble.added(1);
        progress.add(1);
        save.run();
        gift.run();
    }

    /** Whether the lines are to be cut as soon as everything has left this process. */
    boolean cuts() {
        return cutting != null;
    }

    /** Cuts the drained lines of these clients; the frame at hand is lost with half of it sent. */
    void cut(List<Seat> seats, Frame frame, Runnable save) {
        Trouble trouble = cutting;
        if (trouble == null) {
            return;
        }
        cutting = null;
        if (trouble.kind() == Trouble.Kind.HALF_FRAME) {
            List<String> texts = new ArrayList<>();
            seats.forEach(seat -> texts.add(seat.receiver.form(frame)));
            trouble.withheld(1);
            progress.withhold();
            save.run();
            for (int i = 0; i < seats.size(); i++) {
                seats.get(i).receiver.sendHalf(texts.get(i));
            }
            return;
        }
        for (Seat seat : seats) {
            if (trouble.kind() == Trouble.Kind.CLOSE) {
                seat.receiver.expire();
            } else {
                seat.receiver.cut();
            }
        }
    }

    /** Whether the frame at hand is kept back; it lies behind then. */
    boolean keeps(Frame frame, List<Seat> seats) {
        Trouble keeper = mute != null && !patient ? mute : skip;
        if (keeper == null) {
            return false;
        }
        for (Seat seat : seats) {
            seat.receiver.form(frame);
        }
        keeper.withheld(1);
        progress.withhold();
        if (keeper == skip && --skipLeft <= 0) {
            skip = null;
        }
        return true;
    }

    /** The frame was formed for these clients: whether it is held back until its successor is sent. */
    boolean delays(Map<Seat, String> texts) {
        Trouble trouble = reorder;
        if (trouble == null || trouble.kind() != Trouble.Kind.REORDER || late != null) {
            return false;
        }
        late = texts;
        trouble.withheld(1);
        progress.withhold();
        return true;
    }

    /** The frame at hand was sent: what follows it. */
    void sent(Map<Seat, String> texts, Runnable save) {
        Trouble trouble = reorder;
        if (trouble == null) {
            return;
        }
        if (trouble.kind() == Trouble.Kind.DUPLICATE) {
            for (long i = 0; i < trouble.amount(); i++) {
                give(trouble, save, () -> texts.forEach((seat, text) -> seat.receiver.send(text)));
            }
            reorder = null;
        } else {
            release(save);
        }
    }

    /** Sends what was held back, if anything. */
    void release(Runnable save) {
        Map<Seat, String> texts = late;
        Trouble trouble = reorder;
        if (texts != null && trouble != null) {
            give(trouble, save, () -> texts.forEach((seat, text) -> seat.receiver.send(text)));
            reorder = null;
            late = null;
        }
    }

    /** A client came anew: what was held back for its older connection is lost. */
    void forget() {
        if (late != null) {
            late = null;
            reorder = null;
        }
        cutting = null;
        asked = -1;
    }
}
