package io.tidemark.store.admin;

import io.tidemark.store.migrate.FeedbackState;
import io.tidemark.store.mode.Divergences;
import io.tidemark.store.verify.ParityCheck;
import io.tidemark.store.verify.Repair;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes both bar tables equal: where divergences are recorded, or over a range. */
@Command(
        name = "repair",
        description = "Copies what one bar table lacks from the other: for recorded divergences, or for a range.",
        mixinStandardHelpOptions = true)
public final class RepairCommand implements Callable<Integer> {
    private static final int NAMED = 100;

    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Option(names = "--list", description = "Only lists the recorded divergences.")
    private boolean list;

    @Option(names = "--from", description = "First moment, UTC.", converter = DatabaseOption.Time.class)
    private @Nullable Instant from;

    @Option(names = "--to", description = "Moment after the last, UTC.", converter = DatabaseOption.Time.class)
    private @Nullable Instant to;

    @Option(names = "--rate", description = "Most rows per second; 0 (the default) for no limit but the feedback's.")
    private long rate;

    @Override
    public Integer call() {
        return database.run(access -> {
            if (list) {
                try (Connection connection = access.open(Duration.ofSeconds(30))) {
                    List<Divergences.Range> ranges = Divergences.list(connection, false, NAMED);
                    for (Divergences.Range range : ranges) {
                        System.out.println((range.repaired() == null ? "OPEN " : "repaired ") + range.sink() + " lacks "
                                + range.rows() + " rows of " + range.topic() + "/" + range.partition() + " offsets "
                                + range.firstOffset() + ".." + range.lastOffset() + ", " + range.first() + " .. "
                                + range.last() + ": " + range.reason());
                    }
                    System.out.println(ranges.size() + " divergences");
                }
                return 0;
            }
            Repair repair = new Repair(access, new ParityCheck(access, NAMED));
            var pace = FeedbackState.pace(access, rate);
            Repair.Repaired done = from == null && to == null
                    ? repair.divergences(pace, DatabaseOption::progress)
                    : repair.range(
                            from == null ? ParityCheck.BEGINNING : from,
                            to == null ? ParityCheck.END : to,
                            pace,
                            DatabaseOption::progress);
            if (done == null) {
                System.out.println("no divergence is open");
                return 0;
            }
            System.out.println(done.written() + " rows written, " + done.closed() + " divergences closed");
            ParityCommand.print(done.after());
            return done.after().isClean() ? 0 : DatabaseOption.FAILED;
        });
    }
}
