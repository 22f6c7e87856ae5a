package io.tidemark.e2e.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * What a number-prefixed Binance recording holds, counted without any of Tidemark's own code.
 *
 * @param frames WebSocket messages, all kinds
 * @param rest REST answers between them
 */
public record RecordingCount(long frames, long trades, long quotes, long depth, long rest) {

    public static RecordingCount of(List<Path> files) {
        long trades = 0;
        long quotes = 0;
        long depth = 0;
        long rest = 0;
        for (Path file : files) {
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.contains("\"e\":\"trade\"")) {
                        trades++;
                    } else if (line.contains("@bookTicker\"")) {
                        quotes++;
                    } else if (line.contains("\"e\":\"depthUpdate\"")) {
                        depth++;
                    } else if (line.contains(" {\"lastUpdateId\"")) {
                        rest++;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(file.toString(), e);
            }
        }
        return new RecordingCount(trades + quotes + depth, trades, quotes, depth, rest);
    }
}
