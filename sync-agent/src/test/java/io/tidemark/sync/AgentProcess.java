package io.tidemark.sync;

import io.tidemark.sync.command.SyncAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program as a process of its own, from the classes under test. */
public final class AgentProcess {
    private AgentProcess() {}

    /** What a process that ended said. */
    public record Ended(int code, String out, String err) {}

    public static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                SyncAgent.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    public static String[] once(Path source, Path lake, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "once",
                "--json",
                "--source",
                source.toString(),
                "--target",
                lake.toString(),
                "--edge",
                ReadyTree.EDGE));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    public static Process start(Path logs, List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectOutput(logs.resolve("out").toFile())
                .redirectError(logs.resolve("err").toFile())
                .start();
    }

    /** Runs it to its end, which must come within two minutes. */
    public static Ended run(Path logs, List<String> command) throws IOException, InterruptedException {
        Process process = start(logs, command);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("did not end: " + command + "\n" + Files.readString(logs.resolve("err")));
        }
        return new Ended(
                process.exitValue(), Files.readString(logs.resolve("out")), Files.readString(logs.resolve("err")));
    }
}
