package io.tidemark.edge.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.proto.Envelope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recording and converting together in the heap of a Pi. {@code -Dtidemark.log.megabytes=100} for a full log. */
class SmallHeapIT {
    @TempDir
    Path folder;

    @Test
    void aLogIsConvertedInSixtyFourMegabytesWhileFramesFlow() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-Xss512k",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeapProcess.class.getName(),
                        folder.resolve("edge").toString(),
                        System.getProperty("tidemark.log.megabytes", "8")))
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(10, TimeUnit.MINUTES));
        String err = Files.readString(folder.resolve("stderr.txt"));
        assertEquals(0, process.exitValue(), err);
        System.out.println(err.lines().reduce((first, last) -> last).orElse(""));
        long frames = Long.parseLong(out.split(" ", -1)[0]);
        long frameRows = 0;
        long otherRows = 0;
        try (Stream<Path> files = Files.walk(folder.resolve("edge/raw/ready"))) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".parquet")).toList()) {
                long last = Long.MIN_VALUE;
                try (EventFileReader reader = EventFileReader.open(file)) {
                    for (Envelope event = reader.next(); event != null; event = reader.next()) {
                        frameRows += event.hasFrame() ? 1 : 0;
                        otherRows += event.hasFrame() ? 0 : 1;
                        assertTrue(Events.eventTime(event) >= last, file.toString());
                        last = Events.eventTime(event);
                    }
                }
            }
        }
        assertEquals(frames, frameRows);
        assertEquals(frames, otherRows);
    }
}
