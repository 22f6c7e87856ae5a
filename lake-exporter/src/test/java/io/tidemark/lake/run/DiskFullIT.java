package io.tidemark.lake.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.lake.compact.CompactRequest;
import io.tidemark.lake.compact.CompactRun;
import io.tidemark.lake.manifest.FileQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports and compactions on a file system of a few megabytes that is full at one point after another. */
class DiskFullIT {
    private static final int MEGABYTES = 6;

    @TempDir
    Path folder;

    /** Runs inside a name space of its own, on a small file system. */
    static final class Full {
        private Full() {}

        public static void main(String[] args) throws IOException {
            Path disk = Path.of(args[0]);
            Path root = disk.resolve("lake");
            RawFolder raw = new RawFolder(root, "pi-1");
            List<Envelope> all = new ArrayList<>();
            int failures = 0;
            for (int ordinal = 1; ordinal <= 4; ordinal++) {
                List<Envelope> trades = new ArrayList<>();
                for (int i = 0; i < 8_000; i++) {
                    trades.add(raw.trade(
                            "BTC-USDT", 1, ordinal * 8_000L + i, RawFolder.START + ordinal + i * 100_000_000L));
                }
                raw.segment(ordinal, trades);
                failures += untilThereIsRoom(disk, root, () -> Lakes.export(root, "pi-1"));
                all.addAll(trades);
                Lakes.assertHolds(root, all);
            }
            failures += untilThereIsRoom(
                    disk,
                    root,
                    () -> new CompactRun(
                                    root,
                                    RawFolder.TENANT,
                                    Lakes.limits(),
                                    InstantSource.system(),
                                    ExportProgress.SILENT)
                            .run(new CompactRequest(FileQuery.ALL, 1 << 24, 2, Duration.ZERO, false)));
            Lakes.assertHolds(root, all);
            if (Lakes.state(root).files().size() != 1 || failures < 10) {
                throw new AssertionError(
                        Lakes.state(root).files().size() + " files, the disk was full " + failures + " times");
            }
        }

        @FunctionalInterface
        private interface Work {
            Object run() throws IOException;
        }

        /** Leaves a little more room each time; each failure must leave everything as it was. */
        private static int untilThereIsRoom(Path disk, Path root, Work work) throws IOException {
            Path filler = disk.resolve("filler");
            Map<String, String> before = events(root);
            for (int failures = 0; ; failures++) {
                fill(disk, filler, 4_096L * (1 + failures * failures));
                try {
                    work.run();
                    return failures;
                } catch (IOException e) {
                    assertEquals(before, events(root), "after: " + e.getMessage());
                } finally {
                    Files.deleteIfExists(filler);
                }
            }
        }

        private static Map<String, String> events(Path root) throws IOException {
            Path events = Lakes.events(root);
            return Files.isDirectory(events) ? Lakes.contents(events) : Map.of();
        }

        private static void fill(Path disk, Path filler, long free) throws IOException {
            long size = Files.getFileStore(disk).getUsableSpace() - free;
            if (size > 0) {
                byte[] block = new byte[4_096];
                try (var out = Files.newOutputStream(filler)) {
                    for (long written = 0; written < size; written += block.length) {
                        out.write(block);
                    }
                }
            }
        }
    }

    @Test
    void aFullDiskLeavesTheStateBeforeAndNothingElse() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                run(List.of("unshare", "-Urm", "mount", "-t", "tmpfs", "none", disk.toString())) == 0,
                "needs user name spaces to mount a small file system");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String script = "mount -t tmpfs -o size=" + MEGABYTES + "m none " + disk + " && exec " + java
                + " -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
                + " -Djava.util.logging.manager=org.jboss.logmanager.LogManager -cp \"$CLASSES\" "
                + "'" + Full.class.getName() + "' " + disk;
        assertEquals(0, run(List.of("unshare", "-Urm", "sh", "-c", script)));
    }

    private static int run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("CLASSES", System.getProperty("java.class.path"));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            // No such program here.
            return -1;
        }
        if (!process.waitFor(180, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it did not end");
        }
        return process.exitValue();
    }
}
