package io.tidemark.local.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a demo shall do.
 *
 * @param captures recordings to replay one after the other; empty for the market model
 * @param live a symbol of the real exchange instead of the simulated one
 * @param duration market time of the model, or wall time of a live run
 * @param speed {@code max}, {@code 1} or a factor
 * @param start event time of the model's first frame; null for now
 * @param keep leave everything running at the end
 * @param portBase the first of the ports; 0 for free ones
 * @param settings settings of services given by hand
 */
record DemoOptions(
        Path dir,
        String venue,
        List<Path> captures,
        @Nullable String live,
        Duration duration,
        String speed,
        long seed,
        String symbols,
        @Nullable String start,
        boolean keep,
        boolean json,
        int portBase,
        Map<String, String> settings) {}
