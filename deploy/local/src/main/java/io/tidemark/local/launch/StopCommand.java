package io.tidemark.local.launch;

import io.tidemark.local.stack.LocalStack;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./tidemark stop DIR}. */
@Command(
        name = "stop",
        description = "Ends what still runs of a run folder: its launcher, or what a killed launcher left behind.")
final class StopCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    private boolean help;

    @Parameters(index = "0", paramLabel = "DIR", description = "the folder that the run named at its start")
    private Path dir = Path.of("");

    @Override
    public Integer call() {
        List<String> ended = LocalStack.stopLeftovers(dir);
        System.out.println(ended.isEmpty() ? "nothing was running" : "ended: " + String.join(", ", ended));
        return 0;
    }
}
