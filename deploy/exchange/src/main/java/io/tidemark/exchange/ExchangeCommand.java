package io.tidemark.exchange;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program. Exit codes: 0 done, 1 failed (one sentence on stderr), 2 wrong usage.
 */
@Command(
        name = "tidemark-exchange",
        description = "A simulated exchange that speaks the venues' own protocols.",
        mixinStandardHelpOptions = true,
        version = "tidemark-exchange 0.1.0",
        subcommands = {ServeCommand.class, InspectCommand.class})
public final class ExchangeCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    public static void main(String[] args) {
        // One line per message; read by the logging of the JDK when it is first used.
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s: %5$s%6$s%n");
        System.exit(run(args));
    }

    private static int run(String[] args) {
        return new CommandLine(new ExchangeCommand())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("tidemark-exchange: " + sentence(failure));
                    return command.getCommandSpec().exitCodeOnExecutionException();
                })
                .execute(args);
    }

    /** Expected failures carry their sentence; anything else is a defect and shows its type. */
    private static String sentence(Exception failure) {
        String message = failure.getMessage();
        return failure instanceof IOException && message != null ? message : failure.toString();
    }

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("run by picocli only");
        }
        throw new ParameterException(spec.commandLine(), "give a command: serve or inspect");
    }
}
