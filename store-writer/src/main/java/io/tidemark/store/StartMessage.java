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
    /** The library repeats the value, which may hold a password; our own messages say what there is to say. */
    private static final Pattern CONVERSION = Pattern.compile(
            "^(?:[\\w.]+: )?The config property (\\S+) with the config value .* threw an Exception whilst being"
                    + " converted (?:[\\w.]+: )?(?:\\1 )?(.*)$",
            Pattern.DOTALL);

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
            lines.add("  - " + CONVERSION.matcher(message).replaceAll("$1: $2"));
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
