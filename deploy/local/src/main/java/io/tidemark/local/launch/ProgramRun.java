package io.tidemark.local.launch;

import io.tidemark.local.stack.Installation;
import io.tidemark.local.stack.Program;
import io.tidemark.local.supervise.StackFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs one of Tidemark's programs in the foreground: {@code ./tidemark lake ls} and the like. */
final class ProgramRun {
    private static final long STOP_SECONDS = 60;

    private ProgramRun() {}

    /** The program's exit code; a signal to the launcher is passed on and waited for. */
    static int run(Program program, List<String> arguments) {
        return run(program, arguments, Map.of());
    }

    /** The same with more in the program's environment: what has to stay out of the list of processes. */
    static int run(Program program, List<String> arguments, Map<String, String> environment) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(Installation.current().command(program, null, arguments)).inheritIO();
            builder.environment().putAll(environment);
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process), "pass-signal-on"));
            return process.waitFor();
        } catch (IOException e) {
            throw new StackFailure("cannot run the " + program.title() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }

    private static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
