package io.tidemark.sync.command;

import io.tidemark.sync.loop.PassListener;
import io.tidemark.sync.scan.SourceFile;
import io.tidemark.sync.transfer.Transfer;
import io.tidemark.sync.verify.Findings;
import io.tidemark.sync.verify.TargetCheck;
import java.io.PrintStream;
import java.util.Locale;

/** A line on standard error every second while there is something to tell; on a terminal always the same line. */
final class Progress implements PassListener, TargetCheck.Progress {
    private static final long EVERY_NANOS = 1_000_000_000L;

    private final PrintStream out;
    private final boolean terminal = System.console() != null;
    private long shown = System.nanoTime();
    private boolean open;
    private long files;
    private long bytes;
    private long failed;

    Progress(PrintStream out) {
        this.out = out;
    }

    @Override
    public synchronized void done(SourceFile file, Transfer.Outcome outcome) {
        files++;
        bytes += file.state().bytes();
        show("brought", file.path());
    }

    @Override
    public synchronized void failed(Findings.Finding finding) {
        failed++;
        show("brought", finding.path());
    }

    @Override
    public synchronized void read(String path, long filesRead, long bytesRead) {
        files = filesRead;
        bytes = bytesRead;
        show("read", path);
    }

    private void show(String verb, String path) {
        long now = System.nanoTime();
        if (now - shown < EVERY_NANOS) {
            return;
        }
        shown = now;
        String line = String.format(
                Locale.ROOT,
                "%s %d files, %.1f MiB%s; now %s",
                verb,
                files,
                bytes / 1048576.0,
                failed == 0 ? "" : ", " + failed + " failed",
                path);
        out.print(terminal ? "\r\u001b[K" + line : line + "\n");
        out.flush();
        open = terminal;
    }

    synchronized void end() {
        if (open) {
            out.println();
            open = false;
        }
    }
}
