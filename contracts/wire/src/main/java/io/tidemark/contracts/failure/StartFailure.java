package io.tidemark.contracts.failure;

import java.net.BindException;
import java.util.LinkedHashSet;
import java.util.Set;

/** Explains a failed start in words for the person who started it. */
public final class StartFailure {
    /** Exit code for settings that make no sense. */
    public static final int SETTINGS = 2;

    public static final int OTHER = 1;

    private StartFailure() {}

    /** One line per distinct reason along the causes and the suppressed failures; never a stack trace. */
    public static String explain(Throwable failure) {
        Set<String> reasons = new LinkedHashSet<>();
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 32; depth++) {
            if (at instanceof BindException) {
                return "the port is already in use: " + at.getMessage();
            }
            String message = at.getMessage();
            // Wrappers repeat the text of what they wrap; the innermost words are the ones that help.
            if (message != null && !message.isBlank()) {
                reasons.removeIf(message::contains);
                if (at.getCause() == null
                        || !message.contains(String.valueOf(at.getCause().getMessage()))) {
                    reasons.add(message.strip());
                }
            }
            for (Throwable other : at.getSuppressed()) {
                if (other.getMessage() != null) {
                    reasons.add(other.getMessage().strip());
                }
            }
            at = at.getCause();
        }
        return reasons.isEmpty() ? failure.getClass().getName() : String.join("\n", reasons);
    }
}
