package io.tidemark.sync.command;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.tidemark.contracts.failure.StartFailure;
import io.tidemark.sync.loop.SyncPlan;
import io.tidemark.sync.loop.SyncService;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The program. Without arguments it serves; only serving starts the framework.
 *
 * <p>Exit codes: 0 all is well, 1 something is not at the target or failed, 2 wrong settings or usage.
 */
@QuarkusMain
@Command(
        name = "sync-agent",
        mixinStandardHelpOptions = true,
        version = "sync-agent 0.1.0",
        description = "Brings an edge's ready segments to the lake, verified by SHA-256.",
        subcommands = {OnceCommand.class, VerifyCommand.class, StatusCommand.class, SyncAgent.Serve.class})
public final class SyncAgent implements Callable<Integer> {
    @Mixin
    private final PlanOptions options = new PlanOptions();

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** What {@link #main} does, with the exit code as its result. */
    static int run(String... args) {
        return new CommandLine(new SyncAgent())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(words(failure));
                    return failure instanceof SyncPlan.Mistakes ? StartFailure.SETTINGS : StartFailure.OTHER;
                })
                .execute(args);
    }

    private static String words(Exception failure) {
        if (failure instanceof SyncPlan.Mistakes || failure instanceof IOException) {
            return "sync-agent: " + String.valueOf(failure.getMessage()).replace("\n", "\nsync-agent: ");
        }
        return "sync-agent: " + StartFailure.explain(failure);
    }

    @Override
    public Integer call() {
        return serve(options);
    }

    @Command(name = "serve", mixinStandardHelpOptions = true, description = "Syncs again and again (the default).")
    static final class Serve implements Callable<Integer> {
        @Mixin
        private final PlanOptions options = new PlanOptions();

        @Override
        public Integer call() {
            return serve(options);
        }
    }

    /** Blocks until the service ends. The settings are checked first, so that a mistake is a few lines only. */
    private static int serve(PlanOptions options) {
        options.plan();
        options.publish();
        int[] code = {StartFailure.OTHER};
        Quarkus.run(SyncService.class, (exit, failure) -> {
            if (failure != null) {
                System.err.println("sync-agent: " + StartFailure.explain(failure));
            }
            code[0] = failure == null ? exit : StartFailure.OTHER;
        });
        return code[0];
    }
}
