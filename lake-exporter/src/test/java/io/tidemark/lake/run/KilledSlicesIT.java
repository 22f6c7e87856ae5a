package io.tidemark.lake.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.lake.corpus.SealedCorpus;
import io.tidemark.lake.run.CandleFixtures.Candle;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports of corpora and slices in processes of their own: killed at random moments, and on other JDKs. */
class KilledSlicesIT {
    private static final int KILLS = "full".equals(System.getProperty("tidemark.faults")) ? 100 : 3;

    @TempDir
    Path root;

    @TempDir
    Path files;

    /** Makes a corpus of the lake, or slices of the corpus; says when it begins to write. */
    static final class Exporter {
        private Exporter() {}

        public static void main(String[] args) throws IOException {
            Lakes.limits();
            ExportProgress told = new ExportProgress() {
                @Override
                public void begin(String step, long total) {
                    System.out.println(step);
                }

                @Override
                public void advance(long units) {}
            };
            CandleSources sources = CandleFixtures.sources(Path.of(args[0]));
            Path config = Path.of(args[1]);
            int workers = Integer.parseInt(args[2]);
            if (config.endsWith("corpus.json")) {
                new CorpusRun(sources, workers, Duration.ofSeconds(30), told).run(config, false);
            } else {
                new SliceRun(sources, workers, 10_000, Duration.ofSeconds(30), told).run(config, false);
            }
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        Lakes.limits();
        List<Candle> candles = CandleFixtures.generated(21, 16, 100);
        CandleFixtures.seal(root, candles);
        CandleFixtures.alerts(files.resolve("alerts.csv"), 22, candles, 150);
        CandleFixtures.config(
                files.resolve("corpus.json"), "kind", "\"corpus\"", "candles", "\"lake\"", "rows_per_part", "25");
        CandleFixtures.config(
                files.resolve("slices.json"),
                "kind",
                "\"slices\"",
                "alerts",
                "\"alerts.csv\"",
                "candles",
                "\"corpus\"",
                "rows_per_part",
                "15",
                "pre_candles",
                "30",
                "post_candles",
                "12");
    }

    private Process start(Path java, Path lakeRoot, String config, int workers) throws IOException {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx256m", "-XX:+UseSerialGC"));
        command.addAll(List.of(
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                Exporter.class.getName(),
                lakeRoot.toString(),
                files.resolve(config).toString(),
                Integer.toString(workers)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Path thisJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    private static void join(Process process) throws InterruptedException {
        if (!process.waitFor(180, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the export did not end");
        }
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private Map<String, String> made(Path lakeRoot, String folder) throws IOException {
        return Lakes.contents(Lakes.tenant(lakeRoot).resolve(folder));
    }

    /** Files and folders in which an export was interrupted. */
    private static List<String> unfinished(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(".") && !name.equals(".lock"))
                    .toList();
        }
    }

    @Test
    void killsAtRandomMomentsAndARepeatLeaveTheVeryBytesOfAnUndisturbedRun() throws Exception {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("seed " + seed + ", kills " + KILLS);
        Random random = new Random(seed);
        for (String config : List.of("corpus.json", "slices.json")) {
            String folder = config.equals("corpus.json") ? "corpus" : "runs";
            join(start(thisJava(), root, config, 2));
            Map<String, String> undisturbed = made(root, folder);
            assertTrue(undisturbed.size() > 30, undisturbed.keySet().toString());
            Path tree = Lakes.tenant(root).resolve(folder);
            delete(tree);
            int interrupted = 0;
            for (int i = 0; i < KILLS; i++) {
                Process process = start(thisJava(), root, config, 1 + random.nextInt(2));
                try (BufferedReader out =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                    out.readLine();
                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(400_000)));
                    process.destroyForcibly();
                    join(process);
                }
                assertEquals(
                        List.of(),
                        CandleCheck.check(Lakes.tenant(root), true, ExportProgress.SILENT)
                                .problems());
                if (unfinished(tree).isEmpty() && made(root, folder).equals(undisturbed)) {
                    delete(tree);
                } else {
                    interrupted++;
                    boolean sealed = config.equals("corpus.json")
                            ? !SealedCorpus.read(Lakes.tenant(root), "candles").isEmpty()
                            : !new SealedRuns(Lakes.tenant(root)).ids().isEmpty();
                    // Between the seal and its end only the work folder may still be there.
                    assertTrue(!sealed || made(root, folder).entrySet().containsAll(undisturbed.entrySet()));
                }
            }
            System.out.println(config + ": " + interrupted + " of " + KILLS + " were interrupted");
            join(start(thisJava(), root, config, 2));
            assertEquals(List.of(), unfinished(tree));
            assertEquals(undisturbed, made(root, folder));
        }
    }

    @Test
    void everyInstalledJdkWritesTheSameBytes() throws Exception {
        List<Path> javas;
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        Path siblings = home.getParent();
        Assumptions.assumeTrue(siblings != null);
        try (Stream<Path> all = Files.list(siblings)) {
            javas = all.filter(jdk -> !Files.isSymbolicLink(jdk) && !jdk.equals(home))
                    .map(jdk -> jdk.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .sorted()
                    .toList();
        }
        Assumptions.assumeFalse(javas.isEmpty(), "no other JDK beside " + home);
        for (String config : List.of("corpus.json", "slices.json")) {
            String folder = config.equals("corpus.json") ? "corpus" : "runs";
            join(start(thisJava(), root, config, 2));
            Map<String, String> here = made(root, folder);
            for (Path java : javas) {
                delete(Lakes.tenant(root).resolve(folder));
                join(start(java, root, config, 1));
                assertEquals(here, made(root, folder), java.toString());
                System.out.println(config + ": " + here.size() + " files, the same by " + java);
            }
        }
    }
}
