package io.tidemark.store.admin;

import io.tidemark.store.mode.ModeChange;
import io.tidemark.store.mode.ModeState;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The modes: what there is, what holds, and the step to another, with or without a running writer. */
@Command(
        name = "mode",
        description = "Lists the modes, shows the present one, or changes it while writers run.",
        mixinStandardHelpOptions = true,
        subcommands = {ModeCommand.Ls.class, ModeCommand.Show.class, ModeCommand.Set.class})
public final class ModeCommand implements Callable<Integer> {
    private static final int HISTORY = 20;

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Override
    public Integer call() {
        return show(database);
    }

    private static int show(DatabaseOption database) {
        return database.run(access -> {
            ModeChange change = new ModeChange(access);
            ModeState now = change.read();
            System.out.println(now.mode() + " (" + now.mode().description() + "), epoch " + now.epoch());
            for (ModeChange.Changed past : change.history(HISTORY)) {
                System.out.println("  epoch " + past.epoch() + " at " + past.at() + ": " + past.from() + " -> "
                        + past.to() + " by " + past.by() + (past.forced() ? ", FORCED" : "")
                        + (past.reason().isEmpty() ? "" : ", " + past.reason()) + "; " + past.evidence());
            }
            return 0;
        });
    }

    /** The registry. */
    @Command(name = "ls", description = "Lists all modes with the steps between them.", mixinStandardHelpOptions = true)
    static final class Ls implements Callable<Integer> {
        @Mixin
        private DatabaseOption database = new DatabaseOption();

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Override
        public Integer call() {
            return database.run(access -> {
                var modes = StoreControl.registry(new ModeChange(access).read());
                if (json) {
                    DatabaseOption.json(modes);
                    return 0;
                }
                for (StoreControl.Listed mode : modes) {
                    System.out.println((mode.current() ? "* " : "  ") + mode.name() + " (STORE_MODE=" + mode.setting()
                            + ", phase " + mode.phase() + "): " + mode.description());
                    for (StoreControl.Next next : mode.next()) {
                        System.out.println("      -> " + next.to() + ": " + next.meaning()
                                + (next.needsProof() ? " (needs equal tables)" : ""));
                    }
                }
                return 0;
            });
        }
    }

    /** The present mode and how it came to be. */
    @Command(name = "show", description = "Shows the mode and its history.", mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Mixin
        private DatabaseOption database = new DatabaseOption();

        @Override
        public Integer call() {
            return show(database);
        }
    }

    /** One step. */
    @Command(
            name = "set",
            description = "Takes one step to another mode. Running writers follow at their next batch.",
            mixinStandardHelpOptions = true)
    static final class Set implements Callable<Integer> {
        @Mixin
        private DatabaseOption database = new DatabaseOption();

        @Parameters(paramLabel = "MODE", description = "legacy, dual-legacy, dual-provider or provider")
        private String mode = "";

        @Option(names = "--force", description = "Also without proof that the tables are equal; this is recorded.")
        private boolean force;

        @Option(names = "--reason", description = "Why, for the history.", defaultValue = "")
        private String reason = "";

        @Override
        public Integer call() {
            return database.run(access -> {
                String by = "command of " + System.getProperty("user.name", "unknown");
                ModeState now = new StoreControl(access)
                        .change(
                                new ModeChange.Order(StoreControl.mode(mode), force, false, by, reason),
                                DatabaseOption::progress);
                System.out.println(now.mode() + ", epoch " + now.epoch());
                return 0;
            });
        }
    }
}
