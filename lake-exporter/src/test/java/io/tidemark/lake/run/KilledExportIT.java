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
    private static final int KILLS = "full".equals(System.getProperty("tidemark.faults")) ? 100 : 5;

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
        for (int i = 0; i < KILLS; i++) {
            // Each begins anew, so that there is something to do however many have ended.
            if (generation > 0) {
                late(raw, i);
            }
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
        Map<String, String> left = Lakes.contents(Lakes.events(root));
        left.keySet().removeIf(name -> name.startsWith("_manifest"));
        assertEquals(Lakes.state(root).files().size(), left.size(), "nothing lies about: " + left.keySet());
    }

    private static void late(RawFolder raw, int number) throws IOException {
        List<Envelope> late = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            late.add(raw.trade(
                    "BTC-USDT", 2, number * 20_000L + i, RawFolder.START + number * RawFolder.HOUR / 50 + i * 1_000L));
        }
        raw.segment(100 + number, late);
    }

    @Test
    void twoExportersAtOnceSealEachEventOnce() throws Exception {
        RawFolder raw = new RawFolder(root, "pi-1");
        raw.smallDay(5_000);
        Process one = start(root, "256m", "none");
        Process other = start(root, "256m", "none");
        assertEquals(0, join(one));
        assertEquals(0, join(other));
        assertEquals(1, Lakes.state(root).generation());
        Lakes.assertHolds(root, raw.sealable());
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
