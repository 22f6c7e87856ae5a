package io.tidemark.store;

import io.smallrye.config.ConfigValidationException;
import io.tidemark.contracts.failure.StartFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Says in one message why the service did not start. */
final class StartMessage {
    private static final Pattern CODE = Pattern.compile("SRCFG\\d+: ?");

    private StartMessage() {}

    /** Prints it to stderr and returns the exit code. */
    static int print(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof ConfigValidationException problems) {
                List<String> lines = new ArrayList<>();
                for (int i = 0; i < problems.getProblemCount(); i++) {
                    lines.add("  - " + plain(problems.getProblem(i).getMessage()));
                }
                System.err.println("store-writer: these settings are wrong:\n" + String.join("\n", lines));
                return StartFailure.SETTINGS;
            }
        }
        System.err.println("store-writer: cannot start: " + StartFailure.explain(failure));
        return StartFailure.OTHER;
    }

    private static String plain(String message) {
        return CODE.matcher(message).replaceAll("");
    }
}
