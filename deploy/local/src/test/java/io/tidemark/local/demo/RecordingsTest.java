package io.tidemark.local.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.local.supervise.StackFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingsTest {
    @Test
    void symbolsAndStreamsComeFromTheStreamNames() {
        Recordings found = Recordings.parse("""
                {"streams":{"btcusdt@trade":9757,"btcusdt@bookTicker":28040,"ethbtc@depth@100ms":1},"frames":37798}
                """);
        assertEquals(List.of("BTCUSDT", "ETHBTC"), List.copyOf(found.symbols()));
        assertEquals(List.of("bookTicker", "depth@100ms", "trade"), List.copyOf(found.streams()));
    }

    @Test
    void aRecordingWithoutStreamsIsRefused() {
        assertThrows(StackFailure.class, () -> Recordings.parse("{\"streams\":{}}"));
    }
}
