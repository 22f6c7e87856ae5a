package io.tidemark.contracts.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReceiptTest {
    private static final Receipt RECEIPT = new Receipt(
            "ws/trades/exchange=binance/symbol=BTC-USDT/year=2024/month=08/day=09/hour=00/00_0000000007.parquet",
            1234,
            "ab".repeat(32),
            1_723_161_600_123_456_789L,
            "file:///lake",
            "default",
            "pi-1",
            Instant.parse("2024-08-09T01:00:00.000000001Z"));

    @Test
    void comesBackAsItWas() {
        assertEquals(RECEIPT, Receipt.parse(RECEIPT.toBytes()));
        assertArrayEquals(RECEIPT.toBytes(), Receipt.parse(RECEIPT.toBytes()).toBytes());
    }

    @Test
    void anyFlippedByteOrCutIsRefused() {
        byte[] bytes = RECEIPT.toBytes();
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 1;
            assertThrows(IllegalArgumentException.class, () -> Receipt.parse(damaged), "byte " + i);
            byte[] cut = Arrays.copyOf(bytes, i);
            assertThrows(IllegalArgumentException.class, () -> Receipt.parse(cut), "cut at " + i);
        }
    }

    @Test
    void theTimeOfVerificationAsideTwoMaySayTheSame() {
        Receipt later =
                Receipt.parse(new String(RECEIPT.toBytes(), StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
        assertTrue(RECEIPT.saysTheSameAs(new Receipt(
                later.path(),
                later.bytes(),
                later.sha256(),
                later.modified(),
                later.target(),
                later.tenant(),
                later.edge(),
                later.verifiedAt().plusSeconds(5))));
        assertFalse(RECEIPT.saysTheSameAs(new Receipt(
                later.path(),
                later.bytes(),
                later.sha256(),
                later.modified() + 1,
                later.target(),
                later.tenant(),
                later.edge(),
                later.verifiedAt())));
    }

    @Test
    void aHashThatIsNoneIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Receipt("a", 1, "AB".repeat(32), 0, "file:///lake", "default", "pi-1", Instant.EPOCH));
    }
}
