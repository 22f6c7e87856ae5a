package io.tidemark.local.demo;

import io.tidemark.local.stack.StackListener;
import java.time.Duration;
import java.util.Locale;

/**
 * Tells on stderr what happens while it happens: on a terminal one line that is overwritten, otherwise a
 * line every few seconds. The result goes to stdout and is not its business.
 */
final class Console implements StackListener {
    private static final long PLAIN_INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

    // The script looks: a JVM cannot tell stderr from the other streams, and newer ones claim a console always.
    private final boolean terminal = Boolean.getBoolean("tidemark.terminal");
    private final long began = System.nanoTime();
    private long lastPlain = System.nanoTime() - PLAIN_INTERVAL_NANOS;
    private boolean open;

    /** A line that stays. */
    synchronized void say(String line) {
        endOpenLine();
        System.err.println(time() + line);
    }

    /** The present state; replaces the one before. */
    synchronized void progress(String line) {
        if (terminal) {
            System.err.print("\r\u001b[K" + time() + line);
            System.err.flush();
            open = true;
        } else if (System.nanoTime() - lastPlain >= PLAIN_INTERVAL_NANOS) {
            lastPlain = System.nanoTime();
            System.err.println(time() + line);
        }
    }

    synchronized void endOpenLine() {
        if (open) {
            System.err.println();
            open = false;
        }
    }

    @Override
    public void ready(String name, Duration after) {
        say(name + " is ready");
    }

    @Override
    public void restarting(String name, int exitCode) {
        String how = exitCode > 128 ? "was killed by signal " + (exitCode - 128) : "ended with exit code " + exitCode;
        say(name + " " + how + ": starting it again");
    }

    @Override
    public void stopping(String name) {
        say("stopping " + name);
    }

    private String time() {
        return String.format(Locale.ROOT, "%6.1f s  ", (System.nanoTime() - began) / 1e9);
    }
}
