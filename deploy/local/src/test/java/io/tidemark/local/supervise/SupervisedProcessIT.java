package io.tidemark.local.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SupervisedProcessIT {
    @TempDir
    Path dir;

    private final List<Integer> restarts = new CopyOnWriteArrayList<>();

    @Test
    void aKilledProcessIsStartedAgainWithTheSameCommand() throws Exception {
        SupervisedProcess process = process("run");
        process.start();
        process.awaitReady();
        ProcessHandle first = handleOf(process);
        Files.delete(dir.resolve("ready"));
        first.destroyForcibly();
        await(() -> process.starts() == 2 && process.isRunning());
        process.awaitReady();
        assertNotEquals(first.pid(), handleOf(process).pid());
        assertEquals(List.of(137), restarts);
        assertFalse(Files.exists(dir.resolve("stopped-in-order")));
        process.stop();
        assertTrue(Files.exists(dir.resolve("stopped-in-order")));
        assertFalse(process.isRunning());
        assertEquals(2, process.starts());
    }

    @Test
    void badSettingsAreNotTriedTwiceAndTheMessageIsShown() {
        SupervisedProcess process = process("exit=2");
        process.start();
        StackFailure failure = assertThrows(StackFailure.class, process::awaitReady);
        assertTrue(failure.getMessage().startsWith("tiny ended with exit code 2: "), failure.getMessage());
        assertTrue(failure.getMessage().contains("the setting colour is unknown"), failure.getMessage());
        assertEquals(1, process.starts());
    }

    @Test
    void oneThatCannotStartIsGivenUpAfterAFewAttempts() {
        SupervisedProcess process = process("exit=1");
        process.start();
        assertThrows(StackFailure.class, process::awaitReady);
        assertEquals(RestartPolicy.MAX_QUICK_ERRORS, process.starts());
    }

    @Test
    void stopLeavesForeignProcessesAloneAndEndsWhatAKilledLauncherLeft() throws Exception {
        SupervisedProcess process = process("run");
        process.start();
        process.awaitReady();
        ProcessHandle left = handleOf(process);
        // The table of a launcher that is gone: its own entry names a process that started at another time.
        new ProcessTable(dir).write(List.of(process.entry().orElseThrow()));
        String table =
                Files.readString(dir.resolve("processes.json")).replaceFirst("\"started\" : \\d+", "\"started\" : 1");
        Files.writeString(dir.resolve("processes.json"), table);
        assertEquals(List.of("tiny"), new ProcessTable(dir).stopAll());
        assertFalse(left.isAlive());
        assertEquals(List.of(), new ProcessTable(dir).stopAll());
        process.stop();
    }

    @Test
    void aFolderThatIsNoRunIsNamed() {
        StackFailure failure =
                assertThrows(StackFailure.class, () -> new ProcessTable(dir.resolve("nothing")).stopAll());
        assertTrue(failure.getMessage().contains("nothing is no run folder"), failure.getMessage());
    }

    private SupervisedProcess process(String mode) {
        Path ready = dir.resolve("ready");
        ProcessSpec spec = new ProcessSpec(
                "tiny",
                TinyProgram.command(ready, mode),
                Map.of(),
                dir,
                dir.resolve("tiny.log"),
                Map.of(),
                () -> Files.exists(ready),
                Duration.ofSeconds(60),
                false,
                Duration.ofSeconds(20),
                () -> {});
        return new SupervisedProcess(spec, new SupervisedProcess.Listener() {
            @Override
            public void changed() {}

            @Override
            public void restarting(String name, int exitCode) {
                restarts.add(exitCode);
            }
        });
    }

    private static ProcessHandle handleOf(SupervisedProcess process) {
        return process.entry().orElseThrow().handle();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited 60 s");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
