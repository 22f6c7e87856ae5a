package io.tidemark.edge.command;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.tidemark.edge.bars.BarSettings;
import io.tidemark.edge.feed.FeedsSettings;
import io.tidemark.edge.log.LogSettings;
import io.tidemark.edge.pipeline.EdgeSettings;
import io.tidemark.edge.pipeline.SettingsCheck;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the settings from the same places as the service does, before it is started, and lists what is wrong. */
final class SettingsLoader {
    private static final List<Class<?>> MAPPINGS =
            List.of(EdgeSettings.class, FeedsSettings.class, BarSettings.class, LogSettings.class);

    private static final Pattern NOISE = Pattern.compile("^(?:SRCFG\\d+: |[a-z]+(?:\\.\\w+)+(?:Exception|Error): )+");
    private static final Pattern MISSING =
            Pattern.compile("The config property (\\S+) is required but it could not be found.*");
    private static final Pattern UNKNOWN = Pattern.compile("(\\S+)(?: in .*)? does not map to any root");
    private static final Pattern BAD_VALUE = Pattern.compile(
            "The config property (\\S+) with the config value \"(.*?)\" threw an Exception whilst being converted(.*)",
            Pattern.DOTALL);

    private SettingsLoader() {}

    /** One line per mistake, each with the setting's name; empty when the service can start. */
    static List<String> mistakes() {
        return mistakes(Map.of());
    }

    /** {@code overrides} stand above all other places. */
    static List<String> mistakes(Map<String, String> overrides) {
        SmallRyeConfigBuilder builder = ConfigUtils.configBuilder()
                .withSources(new io.smallrye.config.PropertiesConfigSource(overrides, "overrides", 1000));
        MAPPINGS.forEach(builder::withMapping);
        try {
            SmallRyeConfig config = builder.build();
            return SettingsCheck.mistakes(
                    config.getConfigMapping(EdgeSettings.class),
                    config.getConfigMapping(FeedsSettings.class),
                    config.getConfigMapping(BarSettings.class),
                    config.getConfigMapping(LogSettings.class));
        } catch (ConfigValidationException e) {
            TreeSet<String> lines = new TreeSet<>();
            for (int i = 0; i < e.getProblemCount(); i++) {
                lines.add(words(e.getProblem(i).getMessage()));
            }
            return List.copyOf(lines);
        } catch (RuntimeException e) {
            // A file that is no YAML, or a location that is not there.
            return List.of(words(String.valueOf(e.getMessage())));
        }
    }

    /** The library's sentence in ours: the property's name first, then what is wrong. */
    static String words(String problem) {
        String text = NOISE.matcher(problem).replaceFirst("").strip();
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
            String why = NOISE.matcher(bad.group(3).strip()).replaceFirst("").strip();
            return bad.group(1) + ": \"" + bad.group(2) + "\" is no value for it"
                    + (why.isEmpty() ? "" : " (" + why + ")");
        }
        return text;
    }
}
