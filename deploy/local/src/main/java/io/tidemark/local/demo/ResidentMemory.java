package io.tidemark.local.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The largest resident size that any of the processes it was shown has reached, from /proc. */
final class ResidentMemory {
    private static final String PEAK = "VmHWM:";

    private long peakKilobytes;

    synchronized void sample(ProcessHandle process) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
                if (line.startsWith(PEAK)) {
                    String[] words = line.substring(PEAK.length()).strip().split(" ", -1);
                    peakKilobytes = Math.max(peakKilobytes, Long.parseLong(words[0]));
                }
            }
        } catch (IOException e) {
            // It has just ended; its last sample stays.
        }
    }

    /** In MiB, rounded up. */
    synchronized long peakMegabytes() {
        return (peakKilobytes + 1023) / 1024;
    }
}
