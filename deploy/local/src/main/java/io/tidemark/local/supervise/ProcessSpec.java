package io.tidemark.local.supervise;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How one process of the stack is started, recognised as ready, and stopped.
 *
 * @param name what it is called in messages and in {@code processes.json}
 * @param command program and arguments, without secrets: it is written down
 * @param environment what is added to the launcher's own environment; may hold secrets
 * @param folder its working folder
 * @param log where its output goes, appended over restarts
 * @param ports the ports it listens on, by name
 * @param readiness asked again and again until it says yes
 * @param readyWithin the longest time from start to readiness
 * @param interrupt stopped by SIGINT rather than SIGTERM (PostgreSQL's fast stop)
 * @param stopWithin the longest time from the signal to the end; then it is killed
 * @param beforeStart run before every start, first or repeated
 */
public record ProcessSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path folder,
        Path log,
        Map<String, Integer> ports,
        Readiness readiness,
        Duration readyWithin,
        boolean interrupt,
        Duration stopWithin,
        Runnable beforeStart) {

    /** Says whether a started process can be used now; asked from the waiting thread, must answer in seconds. */
    @FunctionalInterface
    public interface Readiness {
        boolean ready();
    }

    public ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        ports = Map.copyOf(ports);
    }

    /** The same process with another command line, for a start with other settings. */
    public ProcessSpec withCommand(List<String> other) {
        return new ProcessSpec(
                name,
                other,
                environment,
                folder,
                log,
                ports,
                readiness,
                readyWithin,
                interrupt,
                stopWithin,
                beforeStart);
    }
}
