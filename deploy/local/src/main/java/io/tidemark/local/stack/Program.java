package io.tidemark.local.stack;

import java.util.List;

/** Tidemark's programs: where the build puts each, how it is called, and how its JVM is set. */
public enum Program {
    EDGE("edge", "edge", "ingest-edge/target/quarkus-app/quarkus-run.jar", 96, true),
    STORE("store-writer", "store", "store-writer/target/quarkus-app/quarkus-run.jar", 256, false),
    LAKE("lake-exporter", "lake", "lake-exporter/target/quarkus-app/quarkus-run.jar", 512, false),
    SYNC("sync-agent", "sync", "sync-agent/target/quarkus-app/quarkus-run.jar", 128, false),
    EXCHANGE("exchange", "exchange", "deploy/exchange/target/tidemark-exchange-0.1.0.jar", 256, false);

    private static final int FIRST_WITH_NATIVE_WARNINGS = 24;

    private final String title;
    private final String prefix;
    private final String jar;
    private final int heapMegabytes;
    private final boolean small;

    Program(String title, String prefix, String jar, int heapMegabytes, boolean small) {
        this.title = title;
        this.prefix = prefix;
        this.jar = jar;
        this.heapMegabytes = heapMegabytes;
        this.small = small;
    }

    /** Its name in messages, folders and {@code processes.json}. */
    public String title() {
        return title;
    }

    /** The first part of its settings' names, and the launcher's subcommand that reaches its own commands. */
    public String prefix() {
        return prefix;
    }

    /** Path of its runnable jar below the repository's root. */
    String jar() {
        return jar;
    }

    /** Its JVM's flags on a JVM of the given feature version. */
    List<String> flags(int feature) {
        List<String> flags = new java.util.ArrayList<>(
                List.of("-XX:+UseSerialGC", "-Xmx" + heapMegabytes + "m", "-XX:TieredStopAtLevel=1"));
        if (small) {
            // The smallest resident size this stack reaches on a Pi.
            flags.add("-Xss512k");
            flags.add("-XX:ReservedCodeCacheSize=32m");
        }
        if (this == LAKE) {
            flags.add("--add-opens=java.base/java.nio=ALL-UNNAMED");
            if (feature >= FIRST_WITH_NATIVE_WARNINGS) {
                flags.add("--enable-native-access=ALL-UNNAMED");
                flags.add("--sun-misc-unsafe-memory-access=allow");
            }
        }
        return flags;
    }
}
