package io.tidemark.edge.command;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.tidemark.contracts.failure.StartFailure;
import io.tidemark.edge.admin.AdminSettings;
import io.tidemark.edge.bars.BarSettings;
import io.tidemark.edge.disk.DiskSettings;
import io.tidemark.edge.feed.FeedsSettings;
import io.tidemark.edge.forward.ForwardSettings;
import io.tidemark.edge.log.LogSettings;
import io.tidemark.edge.pipeline.EdgeSettings;
import io.tidemark.edge.pipeline.SettingsCheck;
import io.tidemark.edge.poll.PollsSettings;
import io.tidemark.edge.rate.RateSettings;
import io.tidemark.edge.segment.SegmentSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the settings from the same places as the service does, before it is started, and lists what is wrong. */
final class SettingsLoader {
    private static final List<Class<?>> MAPPINGS = List.of(
            EdgeSettings.class,
            AdminSettings.class,
            FeedsSettings.class,
            PollsSettings.class,
            BarSettings.class,
            LogSettings.class,
            ForwardSettings.class,
            SegmentSettings.class,
            RateSettings.class,
            DiskSettings.class);

    private static final Pattern NOISE = Pattern.compile("^(?:SRCFG\\d+: |[a-z]+(?:\\.\\w+)+(?:Exception|Error): )+");
    private static final Pattern MISSING =
            Pattern.compile("The config property (\\S+) is required but it could not be found.*");
    private static final Pattern UNKNOWN = Pattern.compile("(\\S+)(?: in .*)? does not map to any root");
    private static final Pattern BAD_VALUE = Pattern.compile(
            "The config property (\\S+) with the config value \"(.*?)\" threw an Exception whilst being converted(.*)",
            Pattern.DOTALL);

    private static final String NO_SUCH = ": there is no such setting";
    private static final String LOCATIONS = "quarkus.config.locations";
    private static final int OVERRIDES_ORDINAL = 1000;

    private SettingsLoader() {}

    /** One feature's settings, for a command that does not serve. */
    static <T> T of(Class<T> mapping) {
        return ConfigUtils.configBuilder().withMapping(mapping).build().getConfigMapping(mapping);
    }

    /** Where the record is, unless a command is told. */
    static Path dataDir() {
        return ConfigUtils.configBuilder()
                .build()
                .getOptionalValue("edge.data-dir", Path.class)
                .orElse(Path.of("data"));
    }

    /** One line per mistake, each with the setting's name; empty when the service can start. */
    static List<String> mistakes() {
        return mistakes(Map.of());
    }

    /** {@code overrides} stand above all other places. */
    static List<String> mistakes(Map<String, String> overrides) {
        List<String> lines = new ArrayList<>(missingFiles());
        try {
            lines.addAll(check(overrides, List.of()));
        } catch (ConfigValidationException e) {
            Set<String> unknown = new TreeSet<>();
            Map<String, String> repaired = new HashMap<>(overrides);
            for (int i = 0; i < e.getProblemCount(); i++) {
                String line = words(e.getProblem(i).getMessage());
                lines.add(line);
                if (line.endsWith(NO_SUCH)) {
                    unknown.add(line.substring(0, line.length() - NO_SUCH.length()));
                } else if (line.startsWith("edge.name: ")) {
                    repaired.put("edge.name", "edge");
                }
            }
            lines.addAll(others(repaired, unknown));
        } catch (RuntimeException e) {
            // A file that is no YAML.
            lines.add(words(StartFailure.explain(e)));
        }
        return List.copyOf(new LinkedHashSet<>(lines));
    }

    /** What else is wrong, so that all of it is told at once; nothing where a value cannot even be read. */
    private static List<String> others(Map<String, String> repaired, Set<String> unknown) {
        try {
            return check(repaired, unknown);
        } catch (ConfigValidationException e) {
            return List.of();
        }
    }

    /** The sources as the settings name them now, files read again, with these overrides above all. */
    static FeedsSettings feeds(Map<String, String> overrides) {
        return config(overrides).getConfigMapping(FeedsSettings.class);
    }

    /** The settings themselves, once there is no mistake. */
    static SmallRyeConfig config(Map<String, String> overrides) {
        return config(overrides, List.of());
    }

    private static SmallRyeConfig config(Map<String, String> overrides, Collection<String> ignored) {
        SmallRyeConfigBuilder builder = ConfigUtils.configBuilder()
                .withSources(new PropertiesConfigSource(overrides, "overrides", OVERRIDES_ORDINAL));
        MAPPINGS.forEach(builder::withMapping);
        ignored.forEach(builder::withMappingIgnore);
        return builder.build();
    }

    private static List<String> check(Map<String, String> overrides, Collection<String> ignored) {
        SmallRyeConfig config = config(overrides, ignored);
        List<String> others =
                new ArrayList<>(config.getConfigMapping(LogSettings.class).mistakes());
        others.addAll(config.getConfigMapping(ForwardSettings.class).mistakes());
        others.addAll(config.getConfigMapping(SegmentSettings.class).mistakes());
        others.addAll(config.getConfigMapping(RateSettings.class).mistakes());
        others.addAll(config.getConfigMapping(DiskSettings.class).mistakes());
        return SettingsCheck.mistakes(
                config.getConfigMapping(EdgeSettings.class),
                config.getConfigMapping(FeedsSettings.class),
                config.getConfigMapping(PollsSettings.class),
                config.getConfigMapping(BarSettings.class),
                others);
    }

    /** The library passes over a file that is not there. */
    private static List<String> missingFiles() {
        List<String> lines = new ArrayList<>();
        for (String location : System.getProperty(LOCATIONS, "").split(",", -1)) {
            String name = location.strip();
            if (!name.isEmpty() && !name.contains(":") && !Files.exists(Path.of(name))) {
                lines.add(LOCATIONS + ": there is no file " + name);
            }
        }
        return lines;
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
            return unknown.group(1) + NO_SUCH;
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
