package io.tidemark.edge.log;

import static io.tidemark.edge.log.LogFixture.SOURCE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.proto.FrameKind;
import io.tidemark.contracts.proto.Side;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hot path makes next to no garbage: what a Pi's collector does not get, it need not collect. */
class LogAllocationTest {
    @TempDir
    Path folder;

    @Test
    void aRecordCostsAFewBytesOfGarbageAtMost() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] payload = new byte[150];
        Decimal38 price = Decimal38.of("61234.50");
        Decimal38 size = Decimal38.of("0.0012");
        try (LogFixture edge = new LogFixture(folder)) {
            EventLog log = edge.store.open(SOURCE);
            Journal.Stream frames = log.stream("frames", "_", "", Connector.WS);
            Journal.Stream trades = log.stream("trades", "BTC-USDT", "BTCUSDT", Connector.WS);
            long before = 0;
            int rounds = 100_000;
            for (int i = -20_000; i < rounds; i++) {
                if (i == 0) {
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                if (i % 5000 == 0) {
                    edge.pass(Duration.ofSeconds(6));
                }
                long now = edge.receiveTime();
                log.encoder()
                        .frame(
                                frames.head(),
                                frames.sequence(),
                                now,
                                FrameKind.FRAME_KIND_TEXT,
                                payload,
                                0,
                                payload.length,
                                "");
                log.add(frames);
                log.mark();
                log.encoder()
                        .trade(
                                trades.head(),
                                trades.sequence(),
                                now,
                                now,
                                "3722134567",
                                price,
                                size,
                                Side.SIDE_BUY,
                                EventEncoder.ABSENT,
                                EventEncoder.ABSENT,
                                false);
                log.add(trades);
                log.commit();
            }
            double perRecord = (threads.getCurrentThreadAllocatedBytes() - before) / (2.0 * rounds);
            System.out.printf("the log allocates %.1f bytes per record%n", perRecord);
            assertTrue(perRecord < 64, perRecord + " bytes per record");
        }
    }
}
