package io.tidemark.sync.command;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.tidemark.sync.loop.SyncPlan;
import io.tidemark.sync.loop.SyncSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and checks the settings from the same places as the service does, without starting it.
 *
 * <p>So that the commands need no service, and a service that cannot start says so in a few lines.
 */
final class SettingsLoader {
    /** Above the environment and the system properties. */
    private static final int OVERRIDES_ORDINAL = 500;

    private static final Pattern CODE = Pattern.compile("SRCFG\\d+: ");
    private static final Pattern MISSING =
            Pattern.compile("The config property (\\S+) is required but it could not be found.*");
    private static final Pattern UNKNOWN = Pattern.compile("(\\S+)(?: in .*)? does not map to any root");
    private static final Pattern BAD_VALUE = Pattern.compile(
            "The config property (\\S+) with the config value \"(.*?)\" (?:threw an Exception whilst being converted|was converted to null)\\s*(.*)",
            Pattern.DOTALL);

    private SettingsLoader() {}

    /** Throws {@link SyncPlan.Mistakes} with every mistake. */
    static SyncPlan load(Map<String, String> overrides) {
        SyncSettings settings;
        try {
            SmallRyeConfig config = ConfigUtils.configBuilder()
                    .withMapping(SyncSettings.class)
                    .withSources(new PropertiesConfigSource(overrides, "options", OVERRIDES_ORDINAL))
                    .build();
            settings = config.getConfigMapping(SyncSettings.class);
        } catch (ConfigValidationException e) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < e.getProblemCount(); i++) {
                lines.add(words(e.getProblem(i).getMessage()));
            }
            throw new SyncPlan.Mistakes(lines);
        }
        return SyncPlan.of(settings);
    }

    /** The library's sentence in ours: the property's name first, then what to do. */
    static String words(String problem) {
        String text = CODE.matcher(problem).replaceAll("").strip();
        Matcher missing = MISSING.matcher(text);
        if (missing.matches()) {
            return missing.group(1) + ": is not set, and has no default";
        }
        Matcher unknown = UNKNOWN.matcher(text);
        if (unknown.matches()) {
            return unknown.group(1) + ": there is no such setting";
        }
        Matcher bad = BAD_VALUE.matcher(text);
        if (bad.matches()) {
            String why =
                    bad.group(3).replaceFirst("^[A-Za-z.]*Exception:? ?", "").strip();
            return bad.group(1) + ": \"" + bad.group(2) + "\" "
                    + (why.isEmpty() ? "is no value for it" : "is refused: " + why);
        }
        return text;
    }
}
