package io.tidemark.contracts.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.contracts.event.Connector;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentPathTest {
    private static final Instant HOUR = Instant.parse("2024-08-08T23:00:00Z");

    @Test
    void aSegmentStandsWhereTheContractSays() {
        SegmentPath path =
                new SegmentPath(Connector.WS, "trades", "binance", "BTC-USDT", HOUR, 12, SegmentPath.PARQUET);
        assertEquals(
                "ws/trades/exchange=binance/symbol=BTC-USDT/year=2024/month=08/day=08/hour=23/23_0000000012.parquet",
                path.relative());
        assertEquals(path, SegmentPath.parse(path.relative()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"XBT/USD", "..", ".", "a b", "ü", "100%", "x=y", "_", "%2F"})
    void anySymbolMakesASafeNameAndComesBack(String symbol) {
        SegmentPath path = new SegmentPath(Connector.REST, "frames", "x", symbol, HOUR, 1, SegmentPath.PARQUET);
        assertEquals(8, path.relative().chars().filter(c -> c == '/').count());
        assertEquals(symbol, SegmentPath.parse(path.relative()).symbol());
    }

    @Test
    void hoursAreFloorsOfReceiveTime() {
        assertEquals(HOUR, SegmentPath.hourOf(1_723_161_599_999_999_999L));
        assertEquals(Instant.parse("2024-08-09T00:00:00Z"), SegmentPath.hourOf(1_723_161_600_000_000_000L));
        assertEquals(Instant.parse("1969-12-31T23:00:00Z"), SegmentPath.hourOf(-1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws/trades/exchange=binance/symbol=BTC-USDT/year=2024/month=08/day=08/hour=23/22_0000000012.parquet",
                "ws/trades/exchange=binance/symbol=BTC-USDT/year=2024/month=13/day=08/hour=23/23_0000000012.parquet",
                "ws/nonsense/exchange=binance/symbol=BTC-USDT/year=2024/month=08/day=08/hour=23/23_0000000012.parquet",
                "ws/trades/exchange=../symbol=a%2fb/year=2024/month=08/day=08/hour=23/23_0000000012.parquet",
                "../../etc/passwd"
            })
    void otherPathsAreRefused(String path) {
        assertThrows(IllegalArgumentException.class, () -> SegmentPath.parse(path));
    }

    @Test
    void manifestsAndReceiptsHaveTheirPlaces() {
        assertEquals("_manifest/20240808T23_0000000012.json", SegmentPath.manifest(HOUR, 12));
        assertEquals("_receipts/ws/x.parquet.json", SegmentPath.receipt("ws/x.parquet"));
    }
}
