package io.tidemark.store;

import io.smallrye.config.ConfigValidationException;
import io.tidemark.contracts.failure.StartFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says in one message why the service did not start. */
final class StartMessage {
    private static final Pattern CODE = Pattern.compile("SRCFG\\d+: ?");
    /** A message of the configuration library repeats the value, and this value may hold a password. */
    private static final Pattern SECRET = Pattern.compile("(store\\.database-url with the config value ).*? threw");

    private StartMessage() {}

    /** Prints it to stderr and returns the exit code. */
    static int print(Throwable failure) {
        System.err.println(text(failure));
        return settings(failure) == null ? StartFailure.OTHER : StartFailure.SETTINGS;
    }

    static String text(Throwable failure) {
        ConfigValidationException problems = settings(failure);
        if (problems == null) {
            return "store-writer: cannot start: " + StartFailure.explain(failure);
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < problems.getProblemCount(); i++) {
            String message = CODE.matcher(problems.getProblem(i).getMessage()).replaceAll("");
            lines.add("  - " + SECRET.matcher(message).replaceAll("$1(not shown) threw"));
        }
        return "store-writer: these settings are wrong:\n" + String.join("\n", lines);
    }

    private static @Nullable ConfigValidationException settings(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof ConfigValidationException problems) {
                return problems;
            }
        }
        return null;
    }
}
