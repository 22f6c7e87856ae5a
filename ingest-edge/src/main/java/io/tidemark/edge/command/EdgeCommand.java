package io.tidemark.edge.command;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.tidemark.contracts.failure.StartFailure;
import io.tidemark.edge.pipeline.EdgeService;
import io.tidemark.edge.pipeline.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The program. Without arguments it serves; only serving starts the framework.
 *
 * <p>Exit codes: 0 all is well, 1 something failed, 2 wrong settings or usage.
 */
@QuarkusMain
@Command(
        name = "ingest-edge",
        mixinStandardHelpOptions = true,
        version = "ingest-edge 0.1.0",
        description = "Records market data durably and sends it to Kafka.",
        subcommands = {
            EdgeCommand.Serve.class,
            StatusCommand.class,
            LoadCommand.class,
            VerifyCommand.class,
            RepairCommand.class
        })
public final class EdgeCommand implements Callable<Integer> {
    /** Beyond every limit of the stop itself. */
    private static final Duration LONGEST_STOP = Duration.ofMinutes(10);

    public static void main(String... args) {
        System.exit(run(args));
    }

    /** What {@link #main} does, with the exit code as its result. */
    static int run(String... args) {
        return new CommandLine(new EdgeCommand()).execute(args);
    }

    @Override
    public Integer call() {
        return serve();
    }

    @Command(
            name = "serve",
            mixinStandardHelpOptions = true,
            description = "Records until SIGTERM or SIGINT (the default).")
    static final class Serve implements Callable<Integer> {
        @Override
        public Integer call() {
            return serve();
        }
    }

    /** Blocks until the service ends. The settings are checked first, so that a mistake is a few lines only. */
    private static int serve() {
        List<String> mistakes = SettingsLoader.mistakes();
        if (!mistakes.isEmpty()) {
            mistakes.forEach(line -> System.err.println("ingest-edge: " + line));
            return StartFailure.SETTINGS;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(EdgeCommand::awaitEnd, "await-end"));
        Quarkus.run(EdgeService.class, (exit, failure) -> {
            if (failure != null) {
                System.err.println(
                        "ingest-edge: " + StartFailure.explain(failure).replace("\n", "\ningest-edge: "));
            }
            // After a signal the process would otherwise end with the signal's number, in order or not.
            Runtime.getRuntime().halt(failure != null ? StartFailure.OTHER : Math.max(ExitCode.get(), exit));
        });
        return StartFailure.OTHER;
    }

    /** Keeps the process from ending before the service's own end decides the exit code. */
    private static void awaitEnd() {
        try {
            Thread.sleep(LONGEST_STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
