package io.tidemark.exchange;

import io.tidemark.exchange.recording.Recording;
import io.tidemark.exchange.serve.Venue;
import io.tidemark.exchange.serve.Venue.CheckedRecording;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code inspect}: checks every line of recordings and says what is in them. */
@Command(
        name = "inspect",
        description = "Checks every line of the recordings and counts what is in them.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Recordings, as one stream of frames.")
    List<Path> files = new ArrayList<>();

    @Option(
            names = "--venue",
            defaultValue = "binance",
            description = "Whose recordings they are (${DEFAULT-VALUE}); see serve.")
    String venue = "binance";

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Override
    public Integer call() throws Exception {
        CommandSpec command = spec;
        if (command == null) {
            throw new IllegalStateException("run by picocli only");
        }
        PrintWriter err = command.commandLine().getErr();
        Venue<?> known = Venues.named(venue);
        if (known == null) {
            throw new ParameterException(
                    command.commandLine(), "--venue: \"" + venue + "\" is none of " + Venues.names());
        }
        CheckedRecording<?> recording = known.check(
                files.stream().map(Recording::of).toList(),
                (file, lines) -> err.println(String.format(Locale.ROOT, "checked %,d lines of %s", lines, file)));
        PrintWriter out = command.commandLine().getOut();
        out.println(json ? recording.json().toString() : recording.text());
        out.flush();
        return 0;
    }
}
