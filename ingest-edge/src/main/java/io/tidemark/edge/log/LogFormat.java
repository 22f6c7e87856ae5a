package io.tidemark.edge.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The bytes of a log file. All numbers are big-endian.
 *
 * <pre>
 * file   = header block* [seal block]
 * header = magic:8 bodyLength:4 body crc32c:4            (crc over all before it)
 * block  = magic:4 type:1 codec:1 zero:2 stored:4 raw:4 records:4 kinds:4 firstRecord:8
 *          firstReceive:8 lastReceive:8 payloadCrc:4 headCrc:4 payload
 * record = length:4 kind:1 headLength:2 envelope         (length of the envelope)
 * </pre>
 *
 * <p>A block holds whole batches only. {@code kinds} has one bit per record kind in it, so that a reader can pass
 * over a block without unpacking it; therefore the head has a checksum of its own. A seal block's payload is the
 * totals behind this log and, last, the seal block's own length, by which it is found from the file's end.
 */
final class LogFormat {
    static final long FILE_MAGIC = 0x544d_4c4f_4730_3031L; // TMLOG001
    static final int BLOCK_MAGIC = 0x544d_424b; // TMBK
    static final int BLOCK_HEAD = 56;
    static final int RECORD_HEAD = 7;
    static final byte RECORDS = 1;
    static final byte SEAL = 2;
    static final byte STORED = 0;
    static final byte ZSTD = 1;
    /** Longer than any block that is ever written: twice the largest frame and its events. */
    static final int MAX_RAW = 128 << 20;

    private static final int MAX_HEADER = 1 << 20;

    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private LogFormat() {}

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    static byte[] header(LogHeader header) {
        byte[] body = body(header);
        return whole(body, body.length);
    }

    /** A header of exactly this many bytes; empty when it needs more. Readers pass over what stands behind its fields. */
    static byte[] paddedHeader(LogHeader header, long length) {
        byte[] body = body(header);
        return body.length + 16 > length || length > MAX_HEADER ? new byte[0] : whole(body, (int) length - 16);
    }

    private static byte[] body(LogHeader header) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(body)) {
            out.writeLong(header.segment().getMostSignificantBits());
            out.writeLong(header.segment().getLeastSignificantBits());
            out.writeUTF(header.edge());
            out.writeUTF(header.tenant());
            out.writeUTF(header.source());
            out.writeLong(header.incarnation());
            out.writeLong(header.ordinal());
            out.writeLong(header.hour().getEpochSecond());
            out.writeLong(header.cutOrdinal());
            out.writeLong(header.cutLength());
            writeTotals(out, header.before());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return body.toByteArray();
    }

    private static byte[] whole(byte[] body, int length) {
        byte[] whole = new byte[12 + length + 4];
        LONG.set(whole, 0, FILE_MAGIC);
        INT.set(whole, 8, length);
        System.arraycopy(body, 0, whole, 12, body.length);
        INT.set(whole, 12 + length, crc(whole, 0, 12 + length));
        return whole;
    }

    /** The length of the whole header that begins with these 12 bytes; throws when they begin none. */
    static int headerLength(byte[] first12) throws IOException {
        if ((long) LONG.get(first12, 0) != FILE_MAGIC) {
            throw new IOException("no log of this version (wrong magic)");
        }
        int body = (int) INT.get(first12, 8);
        if (body < 0 || body > MAX_HEADER) {
            throw new IOException("header of impossible length " + body);
        }
        return 12 + body + 4;
    }

    static LogHeader parseHeader(byte[] whole) throws IOException {
        int checked = whole.length - 4;
        if ((int) INT.get(whole, checked) != crc(whole, 0, checked)) {
            throw new IOException("header with a wrong checksum");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(whole, 12, checked - 12))) {
            UUID segment = new UUID(in.readLong(), in.readLong());
            String edge = in.readUTF();
            String tenant = in.readUTF();
            String source = in.readUTF();
            long incarnation = in.readLong();
            long ordinal = in.readLong();
            Instant hour = Instant.ofEpochSecond(in.readLong());
            long cutOrdinal = in.readLong();
            long cutLength = in.readLong();
            return new LogHeader(
                    segment, edge, tenant, source, incarnation, ordinal, hour, readTotals(in), cutOrdinal, cutLength);
        }
    }

    private static void writeTotals(DataOutputStream out, LogTotals totals) throws IOException {
        out.writeLong(totals.webSocketFrames());
        out.writeShort(totals.channels().size());
        for (Map.Entry<String, Long> channel : totals.channels().entrySet()) {
            out.writeUTF(channel.getKey());
            out.writeLong(channel.getValue());
        }
    }

    private static LogTotals readTotals(DataInputStream in) throws IOException {
        long frames = in.readLong();
        int count = in.readUnsignedShort();
        Map<String, Long> channels = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            channels.put(in.readUTF(), in.readLong());
        }
        return new LogTotals(channels, frames);
    }

    /** Fills the head in front of a payload whose checksum is known. */
    static void blockHead(
            byte[] target,
            byte type,
            byte codec,
            int stored,
            int raw,
            int records,
            int kinds,
            long firstRecord,
            long firstReceive,
            long lastReceive,
            int payloadCrc) {
        INT.set(target, 0, BLOCK_MAGIC);
        target[4] = type;
        target[5] = codec;
        target[6] = 0;
        target[7] = 0;
        INT.set(target, 8, stored);
        INT.set(target, 12, raw);
        INT.set(target, 16, records);
        INT.set(target, 20, kinds);
        LONG.set(target, 24, firstRecord);
        LONG.set(target, 32, firstReceive);
        LONG.set(target, 40, lastReceive);
        INT.set(target, 48, payloadCrc);
        INT.set(target, 52, crc(target, 0, 52));
    }

    /** The same block as another record of its log. */
    static void renumber(byte[] head, long firstRecord) {
        LONG.set(head, 24, firstRecord);
        INT.set(head, 52, crc(head, 0, 52));
    }

    /** A whole seal block. */
    static byte[] seal(LogTotals totals, long firstRecord, long lastReceive) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(payload)) {
            writeTotals(out, totals);
            out.writeInt(BLOCK_HEAD + payload.size() + 4);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        byte[] body = payload.toByteArray();
        byte[] block = new byte[BLOCK_HEAD + body.length];
        System.arraycopy(body, 0, block, BLOCK_HEAD, body.length);
        blockHead(
                block,
                SEAL,
                STORED,
                body.length,
                body.length,
                0,
                0,
                firstRecord,
                0,
                lastReceive,
                crc(body, 0, body.length));
        return block;
    }

    static LogTotals sealTotals(byte[] payload, int length) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload, 0, length))) {
            return readTotals(in);
        }
    }
}
