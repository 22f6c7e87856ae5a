package io.tidemark.local.launch;

import io.tidemark.local.database.EmbeddedDatabase;
import io.tidemark.local.stack.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code verify-dual-sink} of the store-writer, on a database of its own when none is named. */
final class VerifyRun {
    static final String NAME = "verify-dual-sink";

    private VerifyRun() {}

    /** The command's exit code. */
    static int run(List<String> options, Map<String, String> environment) {
        List<String> arguments = new ArrayList<>(List.of(NAME));
        arguments.addAll(options);
        boolean named = environment.containsKey("DATABASE_URL")
                || environment.containsKey("MDS_DSN")
                || options.stream().anyMatch(option -> option.startsWith("--database-url"))
                || options.contains("--help")
                || options.contains("-h");
        if (named) {
            return ProgramRun.run(Program.STORE, arguments, Map.of());
        }
        try {
            Path dir = Files.createTempDirectory("tidemark-verify");
            try (EmbeddedDatabase database = EmbeddedDatabase.start(dir.resolve("database"))) {
                String url = "postgresql://" + database.user() + ":" + database.password() + "@" + database.host() + ":"
                        + database.port() + "/" + database.database();
                return ProgramRun.run(Program.STORE, arguments, Map.of("DATABASE_URL", url));
            } finally {
                delete(dir);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path dir) throws IOException {
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
