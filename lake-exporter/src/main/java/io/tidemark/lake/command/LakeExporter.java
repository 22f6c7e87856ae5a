package io.tidemark.lake.command;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.tidemark.contracts.failure.StartFailure;
import io.tidemark.lake.run.BadConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The program. Without arguments it serves; only serving starts the framework.
 *
 * <p>Exit codes: 0 done, 1 failed or something is wrong with the lake, 2 wrong settings or usage.
 */
@QuarkusMain
@Command(
        name = "lake-exporter",
        mixinStandardHelpOptions = true,
        version = "lake-exporter 0.1.0",
        description = "Seals raw segments into an exact research lake, and answers SQL over it.",
        subcommands = {
            ExportEventsCommand.class,
            CompactCommand.class,
            ExportSlicesCommand.class,
            ExportCorpusCommand.class,
            DescribeCommand.class,
            DiffCommand.class,
            VerifyCommand.class,
            ListCommand.class,
            StatsCommand.class,
            LakeExporter.Serve.class
        })
public final class LakeExporter implements Callable<Integer> {
    @Mixin
    private final LakeOptions options = new LakeOptions();

    public static void main(String[] args) {
        System.exit(run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                args));
    }

    /** What {@link #main} does, with the exit code as its result. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLogging.onlyWarnings();
        return new CommandLine(new LakeExporter())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(words(failure));
                    boolean settings =
                            failure instanceof SettingsLoader.Mistakes || failure instanceof BadConfigException;
                    return settings ? StartFailure.SETTINGS : StartFailure.OTHER;
                })
                .execute(args);
    }

    /** One line per reason, each begun with the program's name; for an unexpected failure also where it came from. */
    private static String words(Exception failure) {
        String text;
        if (failure instanceof SettingsLoader.Mistakes || failure instanceof IOException) {
            text = String.valueOf(failure.getMessage());
        } else {
            text = StartFailure.explain(failure);
        }
        return named(text);
    }

    private static String named(@Nullable String text) {
        return String.valueOf(text)
                .lines()
                .map(line -> "lake-exporter: " + line)
                .collect(Collectors.joining("\n"));
    }

    @Override
    public Integer call() {
        return serve(options);
    }

    @Command(
            name = "serve",
            mixinStandardHelpOptions = true,
            description = "Runs the service: health, metrics, SQL over Arrow Flight (the default).")
    static final class Serve implements Callable<Integer> {
        @Mixin
        private final LakeOptions options = new LakeOptions();

        @Override
        public Integer call() {
            return serve(options);
        }
    }

    /** Without what the framework says around it, which helps nobody. */
    private static Throwable unwrapped(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null && "Failed to start quarkus".equals(at.getMessage())) {
            at = at.getCause();
        }
        return at;
    }

    /** Blocks until the service ends. The settings are checked first, so that a mistake is a few lines only. */
    private static int serve(LakeOptions options) {
        options.settings();
        options.publish();
        SettingsLoader.checkForServing(Map.of());
        int[] code = {StartFailure.OTHER};
        Quarkus.run(null, (exit, failure) -> {
            if (failure == null) {
                code[0] = exit;
                return;
            }
            SettingsLoader.Mistakes mistakes = SettingsLoader.in(failure);
            code[0] = mistakes == null ? StartFailure.OTHER : StartFailure.SETTINGS;
            System.err.println(
                    named(mistakes == null ? StartFailure.explain(unwrapped(failure)) : mistakes.getMessage()));
        });
        return code[0];
    }
}
