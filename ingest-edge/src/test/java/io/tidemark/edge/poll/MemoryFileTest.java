package io.tidemark.edge.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.edge.poll.MemoryFile.Line;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryFileTest {
    @TempDir
    Path folder;

    @Test
    void aFileCutAtAnyByteKeepsItsWholeLinesAndTakesMore() throws Exception {
        Path file = folder.resolve("a");
        MemoryFile memory = new MemoryFile(file);
        for (int i = 1; i <= 5; i++) {
            memory.append(new Line(i, "line " + i));
        }
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            int before = memory.read().size();
            memory.append(new Line(9, "more"));
            List<Line> lines = memory.read();
            assertEquals(before + 1, lines.size(), "cut at " + length);
            assertEquals(new Line(9, "more"), lines.get(before));
            for (int i = 0; i < before; i++) {
                assertEquals("line " + (i + 1), lines.get(i).text());
            }
        }
    }

    @Test
    void linesWhoseRecordsDidNotSurviveAreForgottenForGood() throws Exception {
        MemoryFile memory = new MemoryFile(folder.resolve("a"));
        memory.append(new Line(10, "kept"));
        memory.append(new Line(11, "lost"));
        memory.forgetBeyond(10);
        assertEquals(List.of(new Line(10, "kept")), memory.read());
        memory.forgetBeyond(100);
        assertEquals(List.of(new Line(10, "kept")), memory.read());
    }

    @Test
    void keysComeBackAfterARestartButNotThoseOfLostRecords() throws Exception {
        PollMemory memory = new PollMemory(folder, 0);
        Key first = Key.of("first");
        Key second = Key.of("second");
        memory.remember(10, "news", "_", List.of(first), Set.of(first), 5);
        memory.remember(10, "request", new PollMemory.Conditions("\"tag\"", "", "body"));
        memory.remember(20, "news", "_", List.of(second), Set.of(second), 7);
        memory.remember(20, "request", new PollMemory.Conditions("\"newer\"", "", "body 2"));
        PollMemory again = new PollMemory(folder, 19);
        assertTrue(again.knows("news", "_", first));
        assertFalse(again.knows("news", "_", second));
        assertEquals(5, again.newest("news", "_"));
        assertEquals("\"tag\"", again.conditions("request").etag());
        assertEquals(EventEncoder.ABSENT, again.newest("news", "A"));
        // What was lost must not come back when there are as many records again.
        PollMemory later = new PollMemory(folder, 1_000);
        assertFalse(later.knows("news", "_", second));
        assertEquals("\"tag\"", later.conditions("request").etag());
    }

    @Test
    void oldKeysAreForgottenOnlyBeyondThoseOfTheLastAnswer() throws Exception {
        PollMemory memory = new PollMemory(folder, 0);
        for (int i = 0; i < 12_000; i++) {
            Key key = Key.of("key " + i);
            memory.remember(i, "news", "_", List.of(key), Set.of(key), i);
        }
        assertFalse(memory.knows("news", "_", Key.of("key 0")));
        assertTrue(memory.knows("news", "_", Key.of("key 2001")));
        PollMemory again = new PollMemory(folder, 12_000);
        assertTrue(again.knows("news", "_", Key.of("key 11999")));
        assertTrue(again.knows("news", "_", Key.of("key 2001")));
    }
}
