package io.tidemark.edge.segment;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.LevelList;
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

/** An edge without a network in a small heap: records as fast as it can while the log before is converted. */
final class SmallHeapProcess {
    private static final int SYMBOLS = 20;

    private final EventLog log;
    private final SplittableRandom random = new SplittableRandom(1);
    private final byte[] payload = new byte[400];
    private final LevelList bids = new LevelList();
    private final LevelList asks = new LevelList();
    private long number;

    private SmallHeapProcess(EventLog log) {
        this.log = log;
    }

    public static void main(String[] args) throws Exception {
        long bytes = Long.parseLong(args[1]) << 20;
        LogStore store = LogStore.open(
                Path.of(args[0]),
                "pi",
                "default",
                new LogFixture.Settings(
                        100, Duration.ofMillis(250), Duration.ofSeconds(5), Integer.parseInt(args[1]), 1),
                InstantSource.system(),
                new SimpleMeterRegistry());
        store.start();
        EventLog log = store.open(LogFixture.SOURCE);
        SegmentConverter converter = new SegmentConverter(
                store, SegmentConverterTest.Settings.USUAL, InstantSource.system(), new SimpleMeterRegistry());
        converter.start();
        SmallHeapProcess edge = new SmallHeapProcess(log);
        while (store.logs(LogFixture.SOURCE).isEmpty()
                || !store.logs(LogFixture.SOURCE).get(0).isSealed()) {
            edge.frame();
        }
        long sealedAt = edge.number;
        long begun = System.nanoTime();
        while (!store.logs(LogFixture.SOURCE).get(0).isConverted()) {
            edge.frame();
            Thread.sleep(0, 200_000);
        }
        long took = System.nanoTime() - begun;
        log.close();
        converter.convertAll();
        System.out.printf("%d %d %d%n", edge.number, took / 1_000_000, bytes);
        System.err.printf(
                "%d frames in the first log, converted in %d ms while %d more came%n",
                sealedAt, took / 1_000_000, edge.number - sealedAt);
        converter.close();
        store.close();
    }

    private void frame() {
        String symbol = "S" + number % SYMBOLS + "-USDT";
        Instant now = Instant.now();
        long receive = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) ('0' + random.nextInt(16));
        }
        Journal.Stream frames = log.stream("frames", "_", "", Connector.WS);
        log.encoder()
                .frame(
                        frames.head(),
                        frames.sequence(),
                        receive,
                        FrameKind.FRAME_KIND_TEXT,
                        payload,
                        0,
                        payload.length,
                        "");
        log.add(frames);
        // A clock of the venue's own that jitters, so that the files have to be put in order.
        long exchange = receive - random.nextInt(50_000_000);
        if (number % 2 == 0) {
            Journal.Stream trades = log.stream("trades", symbol, symbol, Connector.WS);
            log.encoder()
                    .trade(
                            trades.head(),
                            trades.sequence(),
                            receive,
                            exchange,
                            Long.toString(number),
                            Decimal38.of(random.nextInt(1_000_000), 2),
                            Decimal38.of(random.nextInt(1_000_000), 5),
                            Side.SIDE_SELL,
                            EventEncoder.ABSENT,
                            EventEncoder.ABSENT,
                            false);
            log.add(trades);
        } else {
            Journal.Stream deltas = log.stream("book-deltas", symbol, symbol, Connector.WS);
            bids.clear();
            asks.clear();
            for (int i = 0; i < 20; i++) {
                bids.add(Decimal38.of(random.nextInt(1_000_000), 2), Decimal38.of(random.nextInt(99), 3));
                asks.add(Decimal38.of(random.nextInt(1_000_000), 2), Decimal38.of(random.nextInt(99), 3));
            }
            log.encoder()
                    .bookDelta(
                            deltas.head(),
                            deltas.sequence(),
                            receive,
                            exchange,
                            number,
                            number,
                            EventEncoder.ABSENT,
                            bids,
                            asks,
                            EventEncoder.ABSENT,
                            true);
            log.add(deltas);
        }
        log.commit();
        number++;
    }
}
