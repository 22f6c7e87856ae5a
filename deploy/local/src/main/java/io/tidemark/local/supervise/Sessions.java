package io.tidemark.local.supervise;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a command into a session of its own by {@code setsid}, where that program is there.
 *
 * <p>{@code setsid} becomes the command, so the process id stays the child's. Without it a Ctrl-C reaches
 * the children as well: they stop all the same, only not in order.
 */
public final class Sessions {
    private static final List<Path> PLACES = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private Sessions() {}

    public static List<String> inOwnSession(List<String> command) {
        for (Path setsid : PLACES) {
            if (Files.isExecutable(setsid)) {
                List<String> wrapped = new ArrayList<>(command.size() + 1);
                wrapped.add(setsid.toString());
                wrapped.addAll(command);
                return wrapped;
            }
        }
        return command;
    }
}
