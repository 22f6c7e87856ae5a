package io.tidemark.local.supervise;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A supervised process for tests: writes a ready file, then waits for its signal, or ends as it is told. */
final class TinyProgram {
    private TinyProgram() {}

    public static void main(String[] args) throws Exception {
        Path ready = Path.of(args[0]);
        System.err.println("tiny program says hello");
        if (args[1].startsWith("exit=")) {
            System.err.println("tiny program: the setting colour is unknown");
            System.exit(Integer.parseInt(args[1].substring(5)));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Files.writeString(ready.resolveSibling("stopped-in-order"), "");
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }));
        Files.writeString(ready, Long.toString(ProcessHandle.current().pid()));
        new CountDownLatch(1).await();
    }

    static List<String> command(Path ready, String mode) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TinyProgram.class.getName(),
                ready.toString(),
                mode);
    }
}
