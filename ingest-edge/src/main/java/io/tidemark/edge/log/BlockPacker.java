package io.tidemark.edge.log;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;

/**
 * Packs one block: its head and its payload in one array, so that it goes to the disk in one write.
 *
 * <p>What does not shrink to half is stored as it is when it is large: a Pi's heap has no room for a third copy of
 * a frame of megabytes. Guarded by the log's lock.
 */
final class BlockPacker implements AutoCloseable {
    private static final int KEPT = 320 << 10;

    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final byte[] head = new byte[LogFormat.BLOCK_HEAD];
    private byte[] target = new byte[0];
    private byte[] payload = target;
    private int length;

    BlockPacker(int level) {
        zstd.setLevel(level);
    }

    void pack(PendingBlock block, long firstRecord) {
        int raw = block.length();
        int bound = raw > KEPT ? raw / 2 : (int) Zstd.compressBound(raw);
        if (target.length < bound || target.length > KEPT) {
            target = new byte[bound];
        }
        byte codec = LogFormat.ZSTD;
        try {
            length = zstd.compressByteArray(target, 0, target.length, block.bytes(), 0, raw);
            payload = target;
        } catch (ZstdException e) {
            codec = LogFormat.STORED;
            payload = block.bytes();
            length = raw;
        }
        LogFormat.blockHead(
                head,
                LogFormat.RECORDS,
                codec,
                length,
                raw,
                block.records(),
                block.kinds(),
                firstRecord,
                block.firstReceive(),
                block.lastReceive(),
                LogFormat.crc(payload, 0, length));
    }

    byte[] head() {
        return head;
    }

    byte[] payload() {
        return payload;
    }

    int payloadLength() {
        return length;
    }

    UnsyncedBlocks.Entry entry(PendingBlock block, int counters) {
        return new UnsyncedBlocks.Entry(
                LogFormat.BLOCK_HEAD + length,
                block.records(),
                Arrays.copyOf(block.counts(), Math.min(counters, block.counts().length)),
                block.webSocketFrames());
    }

    /** The payload may be an array of somebody else. */
    void release() {
        payload = target;
        if (target.length > KEPT) {
            target = new byte[0];
            payload = target;
        }
    }

    @Override
    public void close() {
        zstd.close();
    }
}
