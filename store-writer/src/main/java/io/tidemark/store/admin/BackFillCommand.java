package io.tidemark.store.admin;

import io.tidemark.store.migrate.BackFill;
import io.tidemark.store.migrate.FeedbackState;
import io.tidemark.store.mode.BarTable;
import io.tidemark.store.verify.ParityCheck;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fills one bar table from the other, beside running writers and no faster than they can bear. */
@Command(
        name = "back-fill",
        description = "Copies bars of one table that the other lacks. An interrupted one goes on where it was.",
        mixinStandardHelpOptions = true)
public final class BackFillCommand implements Callable<Integer> {
    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Parameters(paramLabel = "DIRECTION", description = "legacy-to-provider or provider-to-legacy")
    private String direction = "";

    @Option(
            names = "--from",
            description = "First moment, UTC; everything by default.",
            converter = DatabaseOption.Time.class)
    private Instant from = ParityCheck.BEGINNING;

    @Option(names = "--to", description = "Moment after the last, UTC.", converter = DatabaseOption.Time.class)
    private Instant to = ParityCheck.END;

    @Option(names = "--rate", description = "Most rows per second; 0 (the default) for no limit but the feedback's.")
    private long rate;

    @Override
    public Integer call() {
        return database.run(access -> {
            BarTable source = source(direction);
            BackFill.Done done = new BackFill(access)
                    .run(source, from, to, FeedbackState.pace(access, rate), DatabaseOption::progress);
            System.out.println("back-fill " + done.id() + (done.resumed() ? " (resumed)" : "") + ": " + done.read()
                    + " rows of " + source.table() + " read, " + done.written() + " written to "
                    + source.other().table());
            return 0;
        });
    }

    static BarTable source(String direction) {
        return switch (direction) {
            case "legacy-to-provider" -> BarTable.LEGACY;
            case "provider-to-legacy" -> BarTable.PROVIDER;
            default ->
                throw new IllegalArgumentException(
                        "\"" + direction + "\" is neither legacy-to-provider nor provider-to-legacy");
        };
    }
}
