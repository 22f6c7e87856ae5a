package io.tidemark.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.json.JsonFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real program on a small file system, on one that cannot be written, and beside another of its kind. */
class TargetTroubleIT {
    @TempDir
    Path dir;

    private ReadyTree tree;
    private Path lake;

    @BeforeEach
    void someSegmentsAreReady() throws IOException {
        tree = new ReadyTree(dir.resolve("ready"), 3);
        lake = Files.createDirectories(dir.resolve("lake"));
    }

    @Test
    void aFullTargetIsNamedAndNothingHalfDoneIsVisible() throws Exception {
        tree.fill(1, 30, 400_000);
        AgentProcess.Ended ended = inNamespace(
                "mount -t tmpfs -o size=600k tmpfs '" + lake + "'",
                "set +e; " + quoted(AgentProcess.command(AgentProcess.once(tree.folder(), lake)))
                        + "; code=$?; set -e; mkdir '" + dir.resolve("seen") + "'; cp -a '" + lake + "/.' '"
                        + dir.resolve("seen") + "'; exit $code");
        assertEquals(1, ended.code(), ended.err());
        JsonFields report = JsonFields.parse(ended.out().getBytes(StandardCharsets.UTF_8));
        assertTrue(report.text("ended_early").contains("the target is full"), ended.out());
        assertTrue(report.text("ended_early").contains("No space left"), ended.out());
        assertTrue(report.number("pending") > 0, ended.out());
        var seen = ReadyTree.contents(ReadyTree.inLake(dir.resolve("seen"), ""));
        assertFalse(seen.isEmpty());
        assertTrue(ReadyTree.contents(tree.folder()).entrySet().containsAll(seen.entrySet()));

        // With room again, the same command finishes; the receipts for a target that is gone count for nothing.
        AgentProcess.Ended again = AgentProcess.run(dir, AgentProcess.command(AgentProcess.once(tree.folder(), lake)));
        assertEquals(0, again.code(), again.err());
        assertEquals(ReadyTree.contents(tree.folder()), ReadyTree.contents(ReadyTree.inLake(lake, "")));
    }

    @Test
    void aTargetThatCannotBeWrittenIsNamed() throws Exception {
        tree.fill(1, 3, 1000);
        AgentProcess.Ended ended = inNamespace(
                "mount -t tmpfs -o ro tmpfs '" + lake + "'",
                quoted(AgentProcess.command(AgentProcess.once(tree.folder(), lake))));
        assertEquals(1, ended.code(), ended.err());
        assertTrue(ended.err().contains("Read-only file system"), ended.err());
        assertTrue(ended.err().contains(lake.toString()), ended.err());
        assertEquals(1, ended.err().lines().count(), ended.err());
    }

    @Test
    void twoAtATimeOnOneFolderTakeTurns() throws Exception {
        tree.fill(1, 10, 200_000);
        List<String> command = AgentProcess.command(AgentProcess.once(tree.folder(), lake, "--bandwidth", "500K"));
        Path logs = Files.createDirectories(dir.resolve("first"));
        Process first = AgentProcess.start(logs, command);
        AgentProcess.Ended second = AgentProcess.run(dir, command);
        assertEquals(0, first.waitFor(), Files.readString(logs.resolve("err")));
        assertEquals(0, second.code(), second.err());
        assertEquals(ReadyTree.contents(tree.folder()), ReadyTree.contents(ReadyTree.inLake(lake, "")));
    }

    @Test
    void wrongSettingsAreListedTogetherAndNothingElse() throws Exception {
        AgentProcess.Ended ended = AgentProcess.run(
                dir, AgentProcess.command("once", "--source", "x", "--parallel", "0", "--bandwidth", "fast"));
        assertEquals(2, ended.code());
        assertEquals("", ended.out());
        for (String name : List.of("sync.target", "sync.edge", "sync.parallel", "sync.bandwidth")) {
            assertTrue(ended.err().contains("sync-agent: " + name + ": "), ended.err());
        }
        assertEquals(4, ended.err().lines().count(), ended.err());
    }

    /** A mount of one's own needs a user namespace; where there is none the test is skipped and says so. */
    private AgentProcess.Ended inNamespace(String... lines) throws IOException, InterruptedException {
        List<String> unshare = List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c");
        List<String> probe = new ArrayList<>(unshare);
        probe.add("mount -t tmpfs tmpfs '" + lake + "'");
        int code;
        try {
            code = AgentProcess.run(dir, probe).code();
        } catch (IOException e) {
            code = -1;
        }
        Assumptions.assumeTrue(
                code == 0, "needs user namespaces (unshare --user --mount), which are not to be had here");
        List<String> command = new ArrayList<>(unshare);
        command.add("set -e; " + String.join("; ", lines));
        return AgentProcess.run(dir, command);
    }

    private static String quoted(List<String> command) {
        return command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }
}
