package io.tidemark.e2e.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.e2e.stack.DemoRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One clear sentence that names what is wrong, an exit code that is not 0, nothing left running. */
class BadInputIT {
    private static void assertRefused(DemoRun demo, String... names) {
        assertNotEquals(0, demo.exitCode(), demo::said);
        for (String name : names) {
            assertTrue(demo.err().contains(name), () -> "expected \"" + name + "\" in\n" + demo.said());
        }
        assertTrue(!demo.err().contains("\tat "), () -> "a stack trace is no sentence\n" + demo.said());
        assertEquals(List.of(), demo.stillRunning());
    }

    @Test
    void aBrokenLineOfARecordingIsNamed(@TempDir Path folder) throws IOException {
        Path broken = folder.resolve("broken.txt");
        Files.writeString(broken, """
                1723161254087896568 {"stream":"btcusdt@trade","data":{"e":"trade","E":1723161255343,"s":"BTCUSDT",\
                "t":1,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":true,"M":true}}
                1723161254087896999 {"stream":"btcusdt@tra
                """);
        try (DemoRun demo = DemoRun.start(folder, "--capture", broken.toString())) {
            assertRefused(demo, "broken.txt", "2");
        }
    }

    @Test
    void aMissingRecordingIsNamed(@TempDir Path folder) {
        try (DemoRun demo =
                DemoRun.start(folder, "--capture", folder.resolve("absent.gz").toString())) {
            assertRefused(demo, "absent.gz");
        }
    }

    @Test
    void anUnknownSettingIsNamed(@TempDir Path folder) {
        try (DemoRun demo = DemoRun.start(folder, "--seconds", "1", "--set", "edge.no-such-setting=1")) {
            assertRefused(demo, "edge.no-such-setting");
        }
    }

    @Test
    void anUnknownOptionIsNamed(@TempDir Path folder) {
        try (DemoRun demo = DemoRun.start(folder, "--no-such-option")) {
            assertRefused(demo, "--no-such-option");
            assertEquals(2, demo.exitCode());
        }
    }

    @Test
    void aBusyPortIsNamed(@TempDir Path folder) throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DemoRun demo =
                        DemoRun.start(folder, "--seconds", "1", "--port-base", Integer.toString(busy.getLocalPort()))) {
            assertRefused(demo, Integer.toString(busy.getLocalPort()));
        }
    }
}
