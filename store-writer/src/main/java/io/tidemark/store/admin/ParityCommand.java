package io.tidemark.store.admin;

import io.tidemark.store.verify.ParityCheck;
import io.tidemark.store.verify.ParityReport;
import io.tidemark.store.verify.ParityReport.RowDifference;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares both bar tables of a live store; 0 when they are equal, 1 when not. */
@Command(
        name = "parity",
        description = "Compares bars and bars_ohlcv over a range of time, and names each row that differs.",
        mixinStandardHelpOptions = true)
public final class ParityCommand implements Callable<Integer> {
    @Mixin
    private DatabaseOption database = new DatabaseOption();

    @Option(
            names = "--from",
            description = "First moment, UTC; everything by default.",
            converter = DatabaseOption.Time.class)
    private Instant from = ParityCheck.BEGINNING;

    @Option(names = "--to", description = "Moment after the last, UTC.", converter = DatabaseOption.Time.class)
    private Instant to = ParityCheck.END;

    @Option(names = "--limit", description = "How many differing rows are named (default: ${DEFAULT-VALUE}).")
    private int limit = 1_000;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        return database.run(access -> {
            ParityReport report = new ParityCheck(access, limit).compare(from, to, DatabaseOption::progress);
            if (json) {
                DatabaseOption.json(report);
            } else {
                print(report);
            }
            return report.isClean() ? 0 : DatabaseOption.FAILED;
        });
    }

    static void print(ParityReport report) {
        for (RowDifference row : report.rows()) {
            System.out.println(row.kind() + " " + row.tenant() + " " + row.vendor() + " " + row.symbol() + " "
                    + row.timeframe() + " " + row.ts() + (row.columns().isEmpty() ? "" : " " + row.columns()));
        }
        if (report.differences() > report.rows().size()) {
            System.out.println(
                    "... and " + (report.differences() - report.rows().size()) + " more");
        }
        System.out.println((report.isClean() ? "equal: " : "DIFFERENT: ") + report.summary() + "; " + report.buckets()
                + " days compared, " + report.bucketsDiffering() + " differ; "
                + String.format(Locale.ROOT, "%.1f s", report.seconds()) + ", mode " + report.mode());
    }
}
