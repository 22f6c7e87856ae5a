package io.tidemark.store.consume;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.failure.StartFailure;
import io.tidemark.store.database.DatabaseFailure;
import io.tidemark.store.database.DatabaseUrl;
import io.tidemark.store.mode.ModeChange;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Proves that both sinks write the same: 0 when they do, 1 when not, 2 for bad options. */
@Command(
        name = "verify-dual-sink",
        description = {
            "Sends sample bars through both sinks, in a schema of its own that is removed afterwards,",
            "and compares both tables with what was sent and with each other."
        },
        mixinStandardHelpOptions = true)
public final class VerifyDualSinkCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    @Option(
            names = "--database-url",
            description = "Where; by default DATABASE_URL or MDS_DSN. The role must be allowed to create schemas.")
    private @Nullable String url;

    @Option(names = "--symbols", description = "How many symbols (default: ${DEFAULT-VALUE}).")
    private int symbols = 4;

    @Option(names = "--bars", description = "Bars of each (default: ${DEFAULT-VALUE}).")
    private int bars = 1_000;

    @Option(names = "--batch", description = "Most bars of one transaction (default: ${DEFAULT-VALUE}).")
    private int batch = 500;

    @Option(names = "--workers", description = "Threads that write (default: ${DEFAULT-VALUE}).")
    private int workers = 2;

    @Option(
            names = "--warm-up",
            description = "Rounds before the measured one (default: ${DEFAULT-VALUE}); 0 measures a cold start.")
    private int warmUps = 10;

    @Option(names = "--seed", description = "Makes the same bars again (default: ${DEFAULT-VALUE}).")
    private long seed = 20_241_120;

    @Option(names = "--json", description = "Prints JSON only.")
    private boolean json;

    @Override
    public Integer call() {
        // What the clients say about themselves would stand in the middle of the table.
        Logger.getLogger("").setLevel(Level.SEVERE);
        String text = url;
        if (text == null) {
            Map<String, String> environment = System.getenv();
            text = environment.getOrDefault("DATABASE_URL", environment.get("MDS_DSN"));
        }
        if (text == null) {
            System.err.println("store-writer: name a database by --database-url or DATABASE_URL;"
                    + " ./tidemark verify-dual-sink starts one of its own");
            return USAGE;
        }
        if (symbols < 1 || bars < 1 || batch < 1 || workers < 1 || warmUps < 0) {
            System.err.println("store-writer: --symbols, --bars, --batch and --workers are at least 1");
            return USAGE;
        }
        try {
            DatabaseUrl database = DatabaseUrl.parse(text);
            DualSinkRun.Result result = new DualSinkRun(
                            new DualSinkRun.Options(database, symbols, bars, batch, workers, warmUps, seed))
                    .run();
            System.out.println(
                    json ? new ObjectMapper().writeValueAsString(result.figures()) : table(result.figures()));
            return result.good() ? 0 : FAILED;
        } catch (IllegalArgumentException e) {
            System.err.println("store-writer: the database's URL " + e.getMessage());
            return USAGE;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (SQLException | IOException | ModeChange.Refused | DatabaseFailure e) {
            System.err.println("store-writer: " + StartFailure.explain(e));
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static String table(Map<String, @Nullable Object> figures) {
        StringBuilder lines = new StringBuilder();
        figures.forEach((name, value) -> {
            if (value instanceof Map<?, ?> sinks) {
                sinks.forEach((sink, times) -> lines.append(String.format("%-16s %s%n", sink, times)));
            } else if (value != null) {
                lines.append(String.format("%-16s %s%n", name, value));
            }
        });
        return lines.toString().stripTrailing();
    }
}
