package io.tidemark.exchange.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.exchange.recording.CapturedLine.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CaptureReaderTest {
    private static final long NANOS = 1_723_161_253_937_085_768L;

    @TempDir
    Path folder;

    @Test
    void numberedLinesHoldNanosecondsOrMicroseconds() throws IOException {
        Path file =
                Recordings.gzip(folder.resolve("a.gz"), "1723161253937085768 {\"a\": 1}", "1723161253937085 {\"b\":2}");

        List<CapturedLine> lines = read(file);

        assertEquals(new CapturedLine(Origin.UNMARKED, NANOS, null, "{\"a\": 1}", false, 1), lines.get(0));
        assertEquals(NANOS / 1000 * 1000, lines.get(1).timeNanos());
    }

    @Test
    void theOldTextLogTellsFramesFromAnswersAndNotes() throws IOException {
        Path file = Recordings.gzip(
                folder.resolve("a.0.gz"),
                "configuration: {}",
                "wss://x.test:9443/stream?streams=a <-> 1617643092.05",
                "wss://x.test/ <- 1617643092.05: {\"op\":1}",
                "https://x.test/api/v1/depth?symbol=A -> 1617643092.3770509: {\"lastUpdateId\":1}",
                "1617643092.13643: {\"stream\":\"a\"}");

        List<CapturedLine> lines = read(file);

        assertEquals(
                List.of(Origin.NOTE, Origin.NOTE, Origin.NOTE, Origin.REST, Origin.SOCKET),
                lines.stream().map(CapturedLine::origin).toList());
        assertEquals(
                new CapturedLine(
                        Origin.REST,
                        1_617_643_092_377_050_900L,
                        "https://x.test/api/v1/depth?symbol=A",
                        "{\"lastUpdateId\":1}",
                        false,
                        4),
                lines.get(3));
        assertEquals(1_617_643_092_136_430_000L, lines.get(4).timeNanos());
        assertEquals("{\"stream\":\"a\"}", lines.get(4).text());
    }

    @Test
    void jsonLinesMayHaveTheirKeysInAnyOrder() throws IOException {
        Path file = Recordings.zstd(
                folder.resolve("a.jsonl.zst"),
                "{\"t\":\"header\",\"format\":2,\"config\":{\"t\":\"no\"}}",
                "{\"conn\":\"c\",\"ts\":1786313186.157984,\"t\":\"http\",\"url\":\"https://x/y\",\"data\":\"[]\"}",
                "{\"t\":\"connect\",\"ts\":1,\"conn\":\"w\"}",
                "{\"data\":\"{\\\"k\\\":\\\"\\u00e9\\\"}\",\"t\":\"recv\",\"ts\":2.5}",
                "{\"t\":\"recv\",\"ts\":3,\"b64\":\"AAE=\"}");

        List<CapturedLine> lines = read(file);

        assertEquals("https://x/y", lines.get(1).url());
        assertEquals(1_786_313_186_157_984_000L, lines.get(1).timeNanos());
        assertEquals(new CapturedLine(Origin.SOCKET, 2_500_000_000L, null, "{\"k\":\"é\"}", false, 4), lines.get(3));
        assertTrue(lines.get(4).binary());
    }

    @Test
    void plainFilesAndALastLineWithoutItsEndAreRead() throws IOException {
        Path file = Files.writeString(folder.resolve("a"), "1723161253937085768 {}\n\n1723161253937085768 {\"z\":1}");

        List<CapturedLine> lines = read(file);

        assertEquals(2, lines.size());
        assertEquals(3, lines.get(1).number());
    }

    @Test
    void brokenLinesAreNamedByFileAndLine() throws IOException {
        assertBroken(2, "the receipt time has 13 digits", "1723161253937085768 {}", "1723161253937 {}");
        assertBroken(2, "expected a receipt time", "1723161253937085768 {}", "{\"x\":1}");
        assertBroken(1, "not a recording in a known format", "hello", "1723161253937085768 {}");
        assertBroken(2, "expected \"<seconds>: <frame>\"", "configuration: {}", "what is this");
        assertBroken(2, "broken JSON", "{\"t\":\"header\"}", "{\"t\":\"recv\",");
        assertBroken(2, "unknown line type \"rcv\"", "{\"t\":\"header\"}", "{\"t\":\"rcv\",\"ts\":1}");
        assertBroken(2, "the field \"ts\" is missing", "{\"t\":\"header\"}", "{\"t\":\"recv\",\"data\":\"x\"}");
    }

    @Test
    void aFileCutOffInItsCompressedDataIsBroken() throws IOException {
        String[] lines = new String[2_000];
        Arrays.setAll(lines, i -> "17231612539370" + (10_000 + i) + " {\"i\":" + i * 7919 + "}");
        for (Path whole : List.of(
                Recordings.gzip(folder.resolve("w.gz"), lines), Recordings.zstd(folder.resolve("w.zst"), lines))) {
            byte[] bytes = Files.readAllBytes(whole);
            Path cut = folder.resolve("cut");
            Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));

            BrokenLineException failure = assertThrows(BrokenLineException.class, () -> read(cut));

            assertTrue(String.valueOf(failure.getMessage()).contains("cut off or damaged"), failure::getMessage);
        }
    }

    @Test
    void textThatIsNotUtf8IsBroken() throws IOException {
        byte[] bytes = "1723161253937085768 {\"a\":\"?\"}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        bytes[26] = (byte) 0xc3;
        Path file = Files.write(folder.resolve("latin"), bytes);

        BrokenLineException failure = assertThrows(BrokenLineException.class, () -> read(file));

        assertEquals(file + ":1: the line is not UTF-8 text", failure.getMessage());
    }

    @Test
    void linesLongerThanTheReadBufferComeOutWhole() throws IOException {
        String large = "x".repeat(300_000);
        Path file = Recordings.gzip(
                folder.resolve("l.gz"), "1723161253937085768 " + large, "1723161253937085768 {\"after\":1}");

        List<CapturedLine> lines = read(file);

        assertEquals(large, lines.get(0).text());
        assertEquals("{\"after\":1}", lines.get(1).text());
    }

    private void assertBroken(long line, String reason, String... lines) throws IOException {
        Path file = Recordings.plain(folder.resolve("broken"), lines);

        BrokenLineException failure = assertThrows(BrokenLineException.class, () -> read(file));

        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith(file + ":" + line + ": "), message);
        assertTrue(message.contains(reason), message);
    }

    private static List<CapturedLine> read(Path file) throws IOException {
        List<CapturedLine> lines = new ArrayList<>();
        try (CaptureReader reader = CaptureReader.open(file)) {
            for (CapturedLine line = reader.next(); line != null; line = reader.next()) {
                lines.add(line);
            }
        }
        return lines;
    }
}
