package io.tidemark.edge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.edge.Recordings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code mvn -Pbench verify -pl ingest-edge -am -Dit.test=FramePathBenchmark -Dfailsafe.failIfNoSpecifiedTests=false}:
 * how many frames a second one core takes from their bytes to log block and encoded Kafka batches, beside Jackson merely
 * reading the same frames with all their decimals, in the same process.
 */
class FramePathBenchmark {
    private static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    @TempDir
    Path scratch;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "binance | binance-spot | BTCUSDT | trade,bookTicker,depth@100ms",
                "binance-usdm | binance-usdm | BTCUSDT | trade,bookTicker,depth@0ms"
            })
    void framesOfOneCore(String venue, String folder, String symbols, String streams) throws Exception {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/taskset"))) {
            command.addAll(List.of("/usr/bin/taskset", "-c", "0"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                CLASS_PATH,
                FramePath.class.getName(),
                venue,
                Recordings.folder().resolve("captures").resolve(folder).toString(),
                symbols,
                streams,
                System.getProperty("seconds", "4"),
                scratch.toString()));
        assertEquals(0, run(command));
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
