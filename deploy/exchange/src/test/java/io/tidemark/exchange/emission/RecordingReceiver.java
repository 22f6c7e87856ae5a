package io.tidemark.exchange.emission;

import java.util.ArrayList;
import java.util.List;

/** Takes frames until its room is used up; the test gives more room by hand. */
final class RecordingReceiver implements Receiver {
    private final List<String> frames = new ArrayList<>();
    private long room;
    private boolean held;
    private boolean cut;
    private boolean finished;
    private boolean replaced;

    RecordingReceiver(long room) {
        this.room = room;
    }

    synchronized void give(long more) {
        room += more;
    }

    /** While held, what was taken has not left the process. */
    synchronized void hold(boolean hold) {
        held = hold;
    }

    synchronized List<String> frames() {
        return List.copyOf(frames);
    }

    synchronized int count() {
        return frames.size();
    }

    synchronized boolean isFinished() {
        return finished;
    }

    synchronized boolean isReplaced() {
        return replaced;
    }

    @Override
    public synchronized boolean hasRoom() {
        return room > 0;
    }

    @Override
    public synchronized boolean drained() {
        return !held;
    }

    @Override
    public String form(Frame frame) {
        return frame.text();
    }

    @Override
    public synchronized void send(String text) {
        room--;
        frames.add(text);
    }

    @Override
    public synchronized void sendHalf(String text) {
        cut = true;
    }

    @Override
    public synchronized void sendHuge(long bytes) {
        send("huge " + bytes);
    }

    @Override
    public synchronized void cut() {
        cut = true;
    }

    @Override
    public synchronized void expire() {
        cut = true;
    }

    synchronized boolean isCut() {
        return cut;
    }

    @Override
    public synchronized void finish() {
        finished = true;
    }

    @Override
    public synchronized void replaced() {
        replaced = true;
    }

    @Override
    public String describe() {
        return "test client";
    }
}
