package io.tidemark.lake.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.lake.compact.CompactRun.Stops.Step;
import io.tidemark.lake.run.ExportProgress;
import io.tidemark.lake.run.LakeCheck;
import io.tidemark.lake.run.Lakes;
import io.tidemark.lake.run.RawFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compactions in JVMs of their own that die, at each step and at random moments. */
class KilledCompactIT {
    private static final int KILLS = "full".equals(System.getProperty("tidemark.faults")) ? 100 : 6;

    @TempDir
    Path root;

    /** Compacts a lake; halts after the step that is named, as if the power went. */
    static final class Compactor {
        private Compactor() {}

        public static void main(String[] args) throws IOException {
            // No grace, so that old files are deleted at once: the test looks only at the newest state.
            CompactReport report = new CompactRun(
                            Path.of(args[0]),
                            RawFolder.TENANT,
                            Lakes.limits(2, 4 << 20),
                            InstantSource.system(),
                            ExportProgress.SILENT,
                            step -> {
                                if (step.name().equals(args[1])) {
                                    Runtime.getRuntime().halt(9);
                                }
                            })
                    .run(new CompactRequest(io.tidemark.lake.manifest.FileQuery.ALL, 1 << 20, 2, Duration.ZERO, false));
            System.out.println(report.sentence());
        }
    }

    private Process start(String step) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Compactor.class.getName(),
                        root.toString(),
                        step)
                .inheritIO()
                .start();
    }

    private static int join(Process process) throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the compaction did not end");
        }
        return process.exitValue();
    }

    private void assertSound(List<Envelope> events) throws IOException {
        assertEquals(
                List.of(),
                LakeCheck.check(root, RawFolder.TENANT, false, ExportProgress.SILENT)
                        .problems());
        Lakes.assertHolds(root, events);
    }

    @Test
    void deathAfterAnyStepLeavesTheOldStateOrTheNew() throws Exception {
        List<Envelope> events = CompactRunTest.manySmallFiles(root);
        for (Step step : Step.values()) {
            assertEquals(9, join(start(step.name())), step.name());
            assertEquals(step == Step.COMMITTED ? 11 : 10, Lakes.state(root).generation(), step.name());
            assertSound(events);
        }
        assertEquals(0, join(start("none")));
        assertSound(events);
    }

    @Test
    void killsAtRandomMomentsLeaveASoundLakeEachTime() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Envelope> events = CompactRunTest.manySmallFiles(root);
        for (int i = 0; i < KILLS; i++) {
            Process process = start("none");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(1_500)));
            process.destroyForcibly();
            join(process);
            assertSound(events);
            if (Lakes.state(root).files().size() == 1) {
                // Something to merge again: one late event in a file of its own.
                RawFolder raw = new RawFolder(root, "pi-1");
                Envelope late = raw.trade("BTC-USDT", 1, 10_000L + i, RawFolder.START + i);
                raw.segment(1_000L + i, List.of(late));
                Lakes.export(root, "pi-1");
                events = java.util.stream.Stream.concat(events.stream(), java.util.stream.Stream.of(late))
                        .toList();
            }
        }
        assertEquals(0, join(start("none")));
        assertSound(events);
        assertEquals(1, Lakes.state(root).files().size());
        assertEquals(0, join(start("none")));
        List<LakeFile> files = List.copyOf(Lakes.state(root).files());
        long parquet = Lakes.contents(Lakes.events(root)).keySet().stream()
                .filter(name -> name.endsWith(".parquet") || name.contains(".tmp") || name.endsWith(".run"))
                .count();
        assertTrue(
                parquet == files.size(),
                "nothing lies about: " + Lakes.contents(Lakes.events(root)).keySet());
    }
}
