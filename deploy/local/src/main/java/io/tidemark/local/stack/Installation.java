package io.tidemark.local.stack;

import io.tidemark.local.supervise.StackFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The built programs of one checkout and the Java that runs them.
 *
 * @param root the repository's root
 * @param java the {@code java} program
 * @param feature its feature version
 */
public record Installation(Path root, Path java, int feature) {

    /** The checkout that the launcher script names, run by this JVM's own Java. */
    public static Installation current() {
        String home = System.getProperty("tidemark.home");
        if (home == null) {
            throw new StackFailure("start Tidemark by its script ./tidemark (the property tidemark.home is not set)");
        }
        return new Installation(
                Path.of(home).toAbsolutePath().normalize(),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                Runtime.version().feature());
    }

    /** The command line of a program with its settings file, if any, and arguments. */
    public List<String> command(Program program, @Nullable Path settings, List<String> arguments) {
        Path jar = root.resolve(program.jar());
        if (!Files.exists(jar)) {
            throw new StackFailure(program.title() + " is not built: " + jar + " is missing");
        }
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(program.flags(feature));
        if (settings != null) {
            command.add("-Dquarkus.config.locations=" + settings);
        }
        command.add("-jar");
        command.add(jar.toString());
        command.addAll(arguments);
        return List.copyOf(command);
    }
}
