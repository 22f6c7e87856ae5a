package io.tidemark.edge.segment;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.proto.FrameKind;
import io.tidemark.contracts.proto.Side;
import io.tidemark.edge.log.EventLog;
import io.tidemark.edge.log.Journal;
import io.tidemark.edge.log.LogFixture;
import io.tidemark.edge.log.LogStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;

/**
 * An edge without a network, to be killed: appends frames with one, two or three trades each, numbered on from where
 * the log ends, and prints how many frames {@code write()} has returned for.
 */
final class AppendingProcess {
    private AppendingProcess() {}

    public static void main(String[] args) throws Exception {
        // Without Quarkus everything is logged down to Parquet's every column.
        org.jboss.logmanager.Logger.getLogger("").setLevel(java.util.logging.Level.INFO);
        SplittableRandom random = new SplittableRandom(Long.parseLong(args[1]));
        LogStore store = LogStore.open(
                Path.of(args[0]),
                "pi",
                "default",
                new LogFixture.Settings(1 + random.nextInt(60), Duration.ofMillis(20), Duration.ofMillis(30), 1, 1),
                InstantSource.system(),
                new SimpleMeterRegistry());
        store.start();
        store.forwardNothing();
        EventLog log = store.open(LogFixture.SOURCE);
        SegmentConverter converter = new SegmentConverter(
                store, SegmentConverterTest.Settings.USUAL, InstantSource.system(), new SimpleMeterRegistry());
        converter.start();
        System.out.println("ready");
        while (true) {
            append(log, random);
            if (random.nextInt(10) == 0) {
                System.out.println(log.written().webSocketFrames());
            }
        }
    }

    private static void append(EventLog log, SplittableRandom random) {
        long number = log.framesLogged();
        Instant now = Instant.now();
        long receive = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        // Once in a while a frame that makes a block of its own.
        byte[] payload = new byte[random.nextInt(500) == 0 ? 300_000 : 20 + random.nextInt(300)];
        random.nextBytes(payload);
        Journal.Stream frames = log.stream("frames", "_", "", Connector.WS);
        log.encoder()
                .frame(
                        frames.head(),
                        frames.sequence(),
                        receive,
                        FrameKind.FRAME_KIND_BINARY,
                        payload,
                        0,
                        payload.length,
                        "");
        log.add(frames);
        Journal.Stream trades = log.stream("trades", "BTC-USDT", "BTCUSDT", Connector.WS);
        for (int i = 0; i <= number % 3; i++) {
            log.encoder()
                    .trade(
                            trades.head(),
                            trades.sequence(),
                            receive,
                            receive - i,
                            number + "." + i,
                            Decimal38.of("1.5"),
                            Decimal38.of("2"),
                            Side.SIDE_SELL,
                            EventEncoder.ABSENT,
                            EventEncoder.ABSENT,
                            false);
            log.add(trades);
        }
        log.commit();
    }
}
