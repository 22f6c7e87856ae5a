package io.tidemark.lake.command;

import io.tidemark.lake.run.ExportProgress;
import java.io.Console;
import java.io.PrintWriter;

/** Shows on the error stream how far a command is; at most a few times a second, or in tenths where nobody looks. */
final class Progress implements ExportProgress {
    private static final long REDRAW_NANOS = 200_000_000;

    private final PrintWriter err;
    private final boolean terminal;
    private String step = "";
    private long total;
    private long done;
    private long shownAt;
    private long shownTenth;

    Progress(PrintWriter err) {
        this.err = err;
        this.terminal = isTerminal();
    }

    /** Newer platforms give a console also where the output is a file, and a method that tells. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    @Override
    public synchronized void begin(String name, long units) {
        end();
        step = name;
        total = units;
        done = 0;
        shownTenth = 0;
        shownAt = System.nanoTime() - REDRAW_NANOS;
    }

    @Override
    public synchronized void advance(long units) {
        done += units;
        if (terminal) {
            if (System.nanoTime() - shownAt >= REDRAW_NANOS) {
                shownAt = System.nanoTime();
                err.print("\r" + line());
                err.flush();
            }
        } else if (total >= 10_000 && done * 10 / total > shownTenth) {
            shownTenth = done * 10 / total;
            err.println(line());
            err.flush();
        }
    }

    private String line() {
        return String.format("%s: %3d %% (%d of %d)", step, total == 0 ? 100 : done * 100 / total, done, total);
    }

    /** Leaves a clean line. */
    synchronized void end() {
        if (terminal && total > 0) {
            err.println("\r" + line());
            err.flush();
        }
        total = 0;
    }
}
