package io.tidemark.local.launch;

import io.tidemark.local.demo.DemoCommand;
import io.tidemark.local.stack.Program;
import io.tidemark.local.supervise.StackFailure;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The launcher behind {@code ./tidemark}. Exit codes: 0 done, 1 failed (one sentence on stderr), 2 usage. */
@Command(
        name = "tidemark",
        mixinStandardHelpOptions = true,
        version = "tidemark " + TidemarkCommand.VERSION,
        description = "Market data from an exchange's WebSocket to an exact, sealed research lake.",
        subcommands = {DemoCommand.class, StopCommand.class, TopicsCommand.class})
public final class TidemarkCommand implements Runnable {
    static final String VERSION = "0.1.0";

    private static final String LOAD = "load";
    private static final String REPLAY = "replay";

    private TidemarkCommand() {}

    public static void main(String[] args) {
        // The clients of Kafka and PostgreSQL talk much about passing trouble; what matters is said here.
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "off");
        java.util.logging.LogManager.getLogManager().reset();
        System.exit(run(args));
    }

    static int run(String... args) {
        // A program's own options are not the launcher's to read.
        if (args.length > 0) {
            if (args[0].equals(LOAD)) {
                // The edge's command, with its first word kept.
                return guarded(() -> ProgramRun.run(Program.EDGE, Arrays.asList(args)));
            }
            if (args[0].equals(REPLAY)) {
                List<String> serve = new ArrayList<>(List.of("serve"));
                serve.addAll(Arrays.asList(args).subList(1, args.length));
                return guarded(() -> ProgramRun.run(Program.EXCHANGE, serve));
            }
            for (Program program : Program.values()) {
                if (program.prefix().equals(args[0])) {
                    return guarded(
                            () -> ProgramRun.run(program, Arrays.asList(args).subList(1, args.length)));
                }
            }
            if (args[0].equals(VerifyRun.NAME)) {
                return guarded(() -> VerifyRun.run(Arrays.asList(args).subList(1, args.length), System.getenv()));
            }
        }
        return commandLine().execute(args);
    }

    private static CommandLine commandLine() {
        CommandLine line = new CommandLine(new TidemarkCommand());
        for (Program program : Program.values()) {
            line.addSubcommand(
                    program.prefix(),
                    CommandLine.Model.CommandSpec.create()
                            .usageMessage(new CommandLine.Model.UsageMessageSpec()
                                    .description("Runs the " + program.title() + "'s own commands.")));
        }
        line.addSubcommand(
                LOAD,
                CommandLine.Model.CommandSpec.create()
                        .usageMessage(new CommandLine.Model.UsageMessageSpec()
                                .description("Loads histories from files into an edge's data folder.")));
        line.addSubcommand(
                REPLAY,
                CommandLine.Model.CommandSpec.create()
                        .usageMessage(new CommandLine.Model.UsageMessageSpec()
                                .description("Serves recorded segments or captures as the venue's own WebSocket"
                                        + " (--segments DIR, --venue NAME, --speed N).")));
        line.addSubcommand(
                VerifyRun.NAME,
                CommandLine.Model.CommandSpec.create()
                        .usageMessage(new CommandLine.Model.UsageMessageSpec()
                                .description("Proves that both sinks of the store-writer write the same bars.")));
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            report(failure, command.getErr());
            return 1;
        });
        return line;
    }

    private static int guarded(java.util.function.IntSupplier action) {
        try {
            return action.getAsInt();
        } catch (RuntimeException e) {
            report(e, new PrintWriter(System.err, true, java.nio.charset.StandardCharsets.UTF_8));
            return 1;
        }
    }

    private static void report(Exception failure, PrintWriter err) {
        if (failure instanceof StackFailure) {
            err.println("tidemark: " + failure.getMessage());
        } else {
            // Not foreseen: whoever repairs it needs the place.
            failure.printStackTrace(err);
        }
        err.flush();
    }

    @Override
    public void run() {
        CommandLine.usage(commandLine(), System.out);
    }
}
