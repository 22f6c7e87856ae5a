package io.tidemark.lake.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.lake.run.Checkpoints.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports in JVMs of their own that die: at each step, at random moments, and in a small heap not at all. */
class KilledExportIT {
    @TempDir
    Path root;

    /** Seals a lake; halts after the step that is named, as if the power went. */
    static final class Exporter {
        private Exporter() {}

        public static void main(String[] args) throws IOException {
            ExportReport report = new ExportRun(
                            Path.of(args[0]),
                            RawFolder.TENANT,
                            Lakes.limits(2, 4 << 20),
                            ExportProgress.SILENT,
                            step -> {
                                if (step.name().equals(args[1])) {
                                    Runtime.getRuntime().halt(9);
                                }
                            })
                    .run(Lakes.request(Arrays.copyOfRange(args, 2, args.length)));
            System.out.println(report.sentence());
        }
    }

    private static Process start(Path lakeRoot, String heap, String step) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Exporter.class.getName(),
                        lakeRoot.toString(),
                        step,
                        "pi-1")
                .inheritIO()
                .start();
    }

    private static int join(Process process) throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the export did not end");
        }
        return process.exitValue();
    }

    @Test
    void deathAfterAnyStepLeavesTheOldStateOrTheNew(@TempDir Path undisturbed) throws Exception {
        new RawFolder(undisturbed, "pi-1").smallDay(1_000);
        Lakes.export(undisturbed, "pi-1");
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(1_000);
        for (Step step : Step.values()) {
            assertEquals(9, join(start(root, "256m", step.name())), step.name());
            assertEquals(step == Step.COMMITTED ? 1 : 0, Lakes.state(root).generation(), step.name());
        }
        Lakes.export(root, "pi-1");
        Lakes.assertHolds(root, raw.sealable());
        assertEquals(Lakes.contents(Lakes.events(undisturbed)), Lakes.contents(Lakes.events(root)));
    }

    @Test
    void killsAtRandomMomentsLeaveASoundLakeEachTime() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(20_000);
        long generation = 0;
        for (int i = 0; i < 5; i++) {
            Process process = start(root, "256m", "none");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(2_500)));
            process.destroyForcibly();
            join(process);
            long now = Lakes.state(root).generation();
            assertTrue(now >= generation);
            generation = now;
            assertEquals(
                    List.of(),
                    LakeCheck.check(root, RawFolder.TENANT, false, ExportProgress.SILENT)
                            .problems());
        }
        Lakes.export(root, "pi-1");
        Lakes.assertHolds(root, raw.sealable());
        assertEquals(1, Lakes.state(root).generation());
        Map<String, String> left = Lakes.contents(Lakes.events(root));
        assertEquals(Lakes.state(root).files().size() + 1, left.size(), "nothing lies about: " + left.keySet());
    }

    @Test
    void aSmallHeapIsEnoughForMuchMoreThanItself() throws Exception {
        RawFolder raw = new RawFolder(root, "pi-1");
        List<Envelope> all = new ArrayList<>();
        long count = 400_000;
        for (long ordinal = 1; ordinal <= 4; ordinal++) {
            List<Envelope> trades = new ArrayList<>();
            for (long i = (ordinal - 1) * count / 4; i < ordinal * count / 4; i++) {
                trades.add(raw.trade("BTC-USDT", 1, i, RawFolder.START + i * 1_000_000L));
            }
            raw.segment(ordinal, trades);
            all.addAll(trades);
        }
        assertEquals(0, join(start(root, "48m", "none")));
        assertEquals(count, Lakes.state(root).rows());
        assertEquals(count, all.size());
    }
}
