package io.tidemark.sync.command;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.tidemark.sync.loop.SyncPlan;
import io.tidemark.sync.loop.SyncSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and checks the settings from the same places as the service does, without starting it.
 *
 * <p>So that the commands need no service, and a service that cannot start says all of it in a few lines.
 */
final class SettingsLoader {
    /** Above the environment and the system properties. */
    private static final int OVERRIDES_ORDINAL = 500;

    /** Stand-ins for values that were refused already, so that the rest can be checked in the same run. */
    private static final Map<String, String> SOUND = Map.ofEntries(
            Map.entry("sync.source", "/-/source"),
            Map.entry("sync.target", "/-/target"),
            Map.entry("sync.tenant", "default"),
            Map.entry("sync.edge", "edge"),
            Map.entry("sync.interval", "300s"),
            Map.entry("sync.pattern", "**/*"),
            Map.entry("sync.include-raw", "true"),
            Map.entry("sync.parallel", "2"),
            Map.entry("sync.bandwidth", "unlimited"),
            Map.entry("sync.retries", "3"),
            Map.entry("sync.retry-delay", "1s"),
            Map.entry("sync.lock-wait", "60s"),
            Map.entry("sync.delete-after", "keep"));

    private static final Pattern NOISE = Pattern.compile("^(?:SRCFG\\d+: |[a-z]+(?:\\.\\w+)+(?:Exception|Error): )+");
    private static final Pattern MISSING =
            Pattern.compile("The config property (\\S+) is required but it could not be found.*");
    private static final Pattern UNKNOWN = Pattern.compile("(\\S+)(?: in .*)? does not map to any root");
    private static final Pattern BAD_VALUE = Pattern.compile(
            "The config property (\\S+) with the config value \"(.*?)\" threw an Exception whilst being converted(.*)",
            Pattern.DOTALL);

    private SettingsLoader() {}

    /** Throws {@link SyncPlan.Mistakes} with every mistake. */
    static SyncPlan load(Map<String, String> overrides) {
        return load(overrides, Map.of());
    }

    /** With defaults for what the caller does not need. */
    static SyncPlan load(Map<String, String> overrides, Map<String, String> defaults) {
        try {
            return SyncPlan.of(read(overrides, defaults, List.of()));
        } catch (ConfigValidationException e) {
            throw allMistakes(e, overrides, defaults);
        }
    }

    private static SyncSettings read(
            Map<String, String> overrides, Map<String, String> defaults, List<String> unknown) {
        SmallRyeConfigBuilder builder = ConfigUtils.configBuilder()
                .withMapping(SyncSettings.class)
                .withSources(new PropertiesConfigSource(overrides, "options", OVERRIDES_ORDINAL));
        defaults.forEach(builder::withDefaultValue);
        unknown.forEach(builder::withMappingIgnore);
        return builder.build().getConfigMapping(SyncSettings.class);
    }

    private static SyncPlan.Mistakes allMistakes(
            ConfigValidationException refused, Map<String, String> overrides, Map<String, String> defaults) {
        Map<String, String> lines = new TreeMap<>();
        Map<String, String> repaired = new HashMap<>(overrides);
        for (int i = 0; i < refused.getProblemCount(); i++) {
            String line = words(refused.getProblem(i).getMessage());
            String name = line.substring(0, Math.max(0, line.indexOf(": ")));
            lines.put(name.isEmpty() ? line : name, line);
            if (SOUND.containsKey(name)) {
                repaired.put(name, SOUND.get(name));
            }
        }
        List<String> unknown =
                lines.keySet().stream().filter(name -> !SOUND.containsKey(name)).toList();
        try {
            SyncPlan.of(read(repaired, defaults, unknown));
        } catch (SyncPlan.Mistakes e) {
            for (String line : e.lines()) {
                lines.put(line, line);
            }
        } catch (ConfigValidationException e) {
            // Nothing new: these are mistakes that are listed already.
            return new SyncPlan.Mistakes(List.copyOf(lines.values()));
        }
        return new SyncPlan.Mistakes(List.copyOf(lines.values()));
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
            return bad.group(1) + ": "
                    + (why.isEmpty() ? "\"" + bad.group(2) + "\" is no value for it" : lowerFirst(why));
        }
        return text;
    }

    private static String lowerFirst(String text) {
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
