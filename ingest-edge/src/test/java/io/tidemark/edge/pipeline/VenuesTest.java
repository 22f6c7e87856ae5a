package io.tidemark.edge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class VenuesTest {
    @Test
    void everyVenueIsKnownByItsName() {
        assertEquals(
                List.of(
                        "binance",
                        "binanceus",
                        "binance-usdm",
                        "coinbase",
                        "coinbase-advanced",
                        "kraken",
                        "kraken-v1",
                        "okx"),
                Venues.names());
        for (String name : Venues.names()) {
            assertEquals(name, Venues.of(name).orElseThrow().label());
        }
        assertTrue(Venues.of("nowhere").isEmpty());
    }
}
