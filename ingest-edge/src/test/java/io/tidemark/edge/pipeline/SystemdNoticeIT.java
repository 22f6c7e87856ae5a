package io.tidemark.edge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.edge.feed.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real datagram socket, which Python opens, since Java has none. */
class SystemdNoticeIT {
    private static final String LISTENER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1])
            with open(sys.argv[2], 'ab', 0) as out:
                while True:
                    out.write(s.recv(4096).rstrip(b'\\n') + b'\\n')
            """;

    @TempDir
    Path folder;

    private @Nullable Process listener;

    @AfterEach
    void end() {
        if (listener != null) {
            listener.destroyForcibly();
        }
    }

    private boolean starts(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> messages() {
        try {
            return Files.readAllLines(folder.resolve("messages"));
        } catch (IOException e) {
            return List.of();
        }
    }

    private long count(String message) {
        return messages().stream().filter(message::equals).count();
    }

    @Test
    void systemdIsToldAndTheWatchdogIsFedOnlyWhileTheServiceIsAlive() throws Exception {
        assumeTrue(starts("systemd-notify", "--version"), "needs systemd-notify");
        assumeTrue(starts("python3", "--version"), "needs python3 for a datagram socket");
        Path socket = folder.resolve("notify");
        listener = new ProcessBuilder(
                        "python3",
                        "-c",
                        LISTENER,
                        socket.toString(),
                        folder.resolve("messages").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("python.log").toFile())
                .start();
        Await.until(() -> "the socket", () -> Files.exists(socket));
        AtomicBoolean alive = new AtomicBoolean(true);
        try (SystemdNotice notice =
                new SystemdNotice(Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "150000"), alive::get)) {
            notice.ready("records");
            Await.until(() -> messages().toString(), () -> count("WATCHDOG=1") >= 3);
            assertEquals(1, count("READY=1"));
            assertEquals(1, count("STATUS=records"));
            alive.set(false);
            // One may have been under way.
            long fed = count("WATCHDOG=1") + 1;
            notice.stopping();
            Await.until(() -> messages().toString(), () -> count("STOPPING=1") == 1);
            notice.stopping();
            Await.until(() -> messages().toString(), () -> count("STOPPING=1") == 2);
            assertEquals(true, count("WATCHDOG=1") <= fed);
        }
    }

    @Test
    void withoutSystemdNothingIsStarted() {
        try (SystemdNotice notice = new SystemdNotice(Map.of(), () -> true)) {
            notice.ready("records");
            notice.stopping();
        }
    }
}
