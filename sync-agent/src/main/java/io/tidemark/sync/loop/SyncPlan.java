package io.tidemark.sync.loop;

import io.tidemark.sync.retention.DeleteAfter;
import io.tidemark.sync.scan.PathPattern;
import io.tidemark.sync.scan.Selection;
import io.tidemark.sync.transfer.Bandwidth;
import io.tidemark.sync.transfer.Retry;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings that were checked: what a pass does. */
public record SyncPlan(
        Path source,
        Path lakeRoot,
        String tenant,
        String edge,
        Selection selection,
        int parallel,
        Bandwidth bandwidth,
        Retry retry,
        Duration lockWait,
        DeleteAfter deleteAfter,
        Duration interval) {

    /** Every mistake in the settings, each line with its property's name. */
    public static final class Mistakes extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final ArrayList<String> lines;

        public Mistakes(List<String> lines) {
            super(String.join("\n", lines));
            this.lines = new ArrayList<>(lines);
        }

        public List<String> lines() {
            return List.copyOf(lines);
        }
    }

    /** Throws {@link Mistakes} with all of them. */
    public static SyncPlan of(SyncSettings settings) {
        List<String> wrong = new ArrayList<>();
        Path source = folder("sync.source", settings.source(), wrong);
        Path root = folder("sync.target", settings.target(), wrong);
        name("sync.tenant", settings.tenant(), wrong);
        name("sync.edge", settings.edge(), wrong);
        PathPattern pattern = null;
        try {
            pattern = PathPattern.of(settings.pattern());
        } catch (IllegalArgumentException e) {
            wrong.add("sync.pattern: " + e.getMessage());
        }
        between("sync.parallel", settings.parallel(), 1, 64, wrong);
        between("sync.retries", settings.retries(), 0, 100, wrong);
        between("sync.interval", settings.interval(), Duration.ofSeconds(1), Duration.ofDays(7), wrong);
        between("sync.retry-delay", settings.retryDelay(), Duration.ofMillis(1), Duration.ofSeconds(30), wrong);
        between("sync.lock-wait", settings.lockWait(), Duration.ZERO, Duration.ofDays(1), wrong);
        if (source != null && root != null && overlap(source, root)) {
            wrong.add("sync.source and sync.target overlap: " + source + " and " + root
                    + "; one must not lie in the other");
        }
        if (source == null || root == null || pattern == null || !wrong.isEmpty()) {
            throw new Mistakes(wrong);
        }
        return new SyncPlan(
                source,
                root,
                settings.tenant(),
                settings.edge(),
                new Selection(pattern, settings.includeRaw()),
                settings.parallel(),
                settings.bandwidth(),
                new Retry(settings.retries(), settings.retryDelay()),
                settings.lockWait(),
                settings.deleteAfter(),
                settings.interval());
    }

    private static @Nullable Path folder(String property, String text, List<String> wrong) {
        if (text.isBlank()) {
            wrong.add(property + ": must name a folder");
            return null;
        }
        if (text.matches("[A-Za-z][A-Za-z0-9+.-]+://.*")) {
            wrong.add(property + ": must be a folder's path, not \"" + text + "\"");
            return null;
        }
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            wrong.add(property + ": not a path: " + e.getMessage());
            return null;
        }
    }

    private static void name(String property, String text, List<String> wrong) {
        if (text.isBlank() || text.length() > 100) {
            wrong.add(property + ": must be a name of 1 to 100 characters");
        }
    }

    private static void between(String property, int value, int least, int most, List<String> wrong) {
        if (value < least || value > most) {
            wrong.add(property + ": must be from " + least + " to " + most + ", not " + value);
        }
    }

    private static void between(String property, Duration value, Duration least, Duration most, List<String> wrong) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            wrong.add(property + ": must be from " + words(least) + " to " + words(most) + ", not " + words(value));
        }
    }

    private static String words(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    private static boolean overlap(Path one, Path other) {
        Path first = real(one);
        Path second = real(other);
        return first.startsWith(second) || second.startsWith(first);
    }

    /** With symbolic links resolved as far as the path exists. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            Path parent = path.getParent();
            return parent == null ? path : real(parent).resolve(path.getFileName());
        }
    }
}
