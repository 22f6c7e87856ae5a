package io.tidemark.lake.command;

import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.tidemark.lake.compact.CompactSettings;
import io.tidemark.lake.flight.FlightSettings;
import io.tidemark.lake.flight.FlightSettingsException;
import io.tidemark.lake.live.LiveSettings;
import io.tidemark.lake.run.CandleSettings;
import io.tidemark.lake.run.LakeSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and checks the settings from the same places as the service does, without starting it. */
final class SettingsLoader {
    /** Above the environment and the system properties. */
    private static final int OPTIONS_ORDINAL = 500;

    private static final Pattern NOISE = Pattern.compile("^(?:SRCFG\\d+: |[a-z]+(?:\\.\\w+)+(?:Exception|Error): )+");
    private static final Pattern MISSING =
            Pattern.compile("The config property (\\S+) is required but it could not be found.*");
    private static final Pattern UNKNOWN = Pattern.compile("(\\S+)(?: in .*)? does not map to any root");
    private static final Pattern BAD_VALUE = Pattern.compile(
            "The config property (\\S+) with the config value \"(.*?)\" threw an Exception whilst being converted(.*)",
            Pattern.DOTALL);

    private SettingsLoader() {}

    /** All that is wrong with the settings, one sentence each. */
    static final class Mistakes extends RuntimeException {
        private static final long serialVersionUID = 1;

        Mistakes(List<String> lines) {
            super(String.join("\n", lines));
        }
    }

    /** Throws {@link Mistakes} with every mistake. */
    static LakeSettings load(Map<String, String> options) {
        return load(options, LakeSettings.class);
    }

    /** The settings of a feature. Throws {@link Mistakes} with every mistake in any of them. */
    static <T> T load(Map<String, String> options, Class<T> feature) {
        return read(options).getConfigMapping(feature);
    }

    /** The settings of candles. Throws {@link Mistakes}. */
    static CandleSettings loadCandles(Map<String, String> options) {
        return read(options).getConfigMapping(CandleSettings.class);
    }

    /** The same for those who serve: also what the endpoint asks for. */
    static void checkForServing(Map<String, String> options) {
        try {
            read(options).getConfigMapping(FlightSettings.class).check();
        } catch (FlightSettingsException e) {
            throw new Mistakes(String.valueOf(e.getMessage()).lines().toList());
        }
    }

    private static SmallRyeConfig read(Map<String, String> options) {
        try {
            return ConfigUtils.configBuilder()
                    .withMapping(LakeSettings.class)
                    .withMapping(FlightSettings.class)
                    .withMapping(CompactSettings.class)
                    .withMapping(LiveSettings.class)
                    .withMapping(CandleSettings.class)
                    .withSources(new PropertiesConfigSource(options, "options", OPTIONS_ORDINAL))
                    .build();
        } catch (ConfigValidationException e) {
            throw mistakes(e);
        }
    }

    private static Mistakes mistakes(ConfigValidationException refused) {
        TreeSet<String> lines = new TreeSet<>();
        for (int i = 0; i < refused.getProblemCount(); i++) {
            lines.add(words(refused.getProblem(i).getMessage()));
        }
        return new Mistakes(new ArrayList<>(lines));
    }

    /** What a failed start of the service says of the settings, if it failed for them. */
    static @Nullable Mistakes in(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < 32; depth++) {
            if (at instanceof ConfigValidationException refused) {
                return mistakes(refused);
            }
            at = at.getCause();
        }
        return null;
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
            return bad.group(1) + ": " + (why.isEmpty() ? "\"" + bad.group(2) + "\" is no value for it" : why);
        }
        return text;
    }
}
