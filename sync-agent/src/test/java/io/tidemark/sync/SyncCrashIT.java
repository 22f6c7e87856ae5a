package io.tidemark.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.json.JsonFields;
import io.tidemark.contracts.segment.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the real program with {@code kill -9} wherever it happens to be, again and again, and then lets it finish. */
class SyncCrashIT {
    private static final int ROUNDS = Integer.getInteger("tidemark.faults.sync", 8);

    @TempDir
    Path dir;

    @Test
    void whereverItIsKilledARepeatIsExact() throws Exception {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println(
                "SyncCrashIT seed " + seed + " (-Dtidemark.seed), rounds " + ROUNDS + " (-Dtidemark.faults.sync)");
        Random random = new Random(seed);
        ReadyTree tree = new ReadyTree(dir.resolve("ready"), seed);
        tree.fill(6, 40, 1_500_000);
        Map<String, String> expected = ReadyTree.contents(tree.folder());
        Path lake = dir.resolve("lake");
        Path folder = ReadyTree.inLake(lake, "");
        int killed = 0;
        int midway = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Process process = AgentProcess.start(
                    dir,
                    AgentProcess.command(
                            AgentProcess.once(tree.folder(), lake, "--bandwidth", "4M", "--parallel", "3")));
            if (!process.waitFor(300 + random.nextInt(1700), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                killed++;
            }
            Map<String, String> visible = ReadyTree.contents(folder);
            assertTrue(
                    expected.entrySet().containsAll(visible.entrySet()),
                    "seed " + seed + ": what is visible is whole and right");
            assertReceiptsTellTheTruth(folder, visible);
            assertManifestsComeLast(visible, expected);
            midway += visible.size() > 0 && visible.size() < expected.size() ? 1 : 0;
        }
        System.out.println("SyncCrashIT killed " + killed + " times, " + midway + " times with a part there");
        AgentProcess.Ended last = AgentProcess.run(dir, AgentProcess.command(AgentProcess.once(tree.folder(), lake)));
        assertEquals(0, last.code(), last.err());
        assertEquals(expected, ReadyTree.contents(folder), "seed " + seed);
        assertEquals(expected, ReadyTree.contents(tree.folder()), "the source is as it was");
        assertEquals(expected.size(), assertReceiptsTellTheTruth(folder, expected));
        try (Stream<Path> left = Files.list(folder.resolve(".incoming"))) {
            assertEquals(0, left.count(), "nothing half-done is left");
        }
        AgentProcess.Ended again = AgentProcess.run(dir, AgentProcess.command(AgentProcess.once(tree.folder(), lake)));
        JsonFields report = JsonFields.parse(again.out().getBytes(StandardCharsets.UTF_8));
        assertEquals(0, report.number("transferred") + report.number("verified"));
        assertEquals(expected.size(), report.number("synced"));
        assertSameByTheSystemsOwnTool(tree.folder(), folder);
    }

    private static int assertReceiptsTellTheTruth(Path folder, Map<String, String> visible) throws IOException {
        Path receipts = folder.resolve("_receipts");
        if (!Files.isDirectory(receipts)) {
            return 0;
        }
        int count = 0;
        try (Stream<Path> files = Files.walk(receipts)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Receipt receipt = Receipt.parse(Files.readAllBytes(file));
                assertEquals(visible.get(receipt.path()), receipt.sha256(), file.toString());
                count++;
            }
        }
        return count;
    }

    private static void assertManifestsComeLast(Map<String, String> visible, Map<String, String> expected) {
        for (String path : visible.keySet()) {
            if (path.startsWith("_manifest/")) {
                String date = path.substring("_manifest/".length()).substring(0, 11);
                String hour = "/year=" + date.substring(0, 4) + "/month=" + date.substring(4, 6) + "/day="
                        + date.substring(6, 8) + "/hour=" + date.substring(9, 11) + "/";
                expected.keySet().stream()
                        .filter(segment -> segment.contains(hour))
                        .forEach(segment -> assertTrue(visible.containsKey(segment), path + " before " + segment));
            }
        }
    }

    /** Not our code on either side of the comparison. */
    private void assertSameByTheSystemsOwnTool(Path source, Path copy) throws Exception {
        String sums =
                "find . -type f -not -path './_receipts/*' -not -name '.*' -not -path '*/.*/*' | sort | xargs sha256sum";
        AgentProcess.Ended here = AgentProcess.run(dir, List.of("sh", "-c", "cd '" + source + "' && " + sums));
        AgentProcess.Ended there = AgentProcess.run(dir, List.of("sh", "-c", "cd '" + copy + "' && " + sums));
        assertFalse(here.out().isBlank());
        assertEquals(here.out(), there.out());
    }
}
