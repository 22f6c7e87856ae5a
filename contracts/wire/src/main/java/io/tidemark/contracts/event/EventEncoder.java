package io.tidemark.contracts.event;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.FrameKind;
import io.tidemark.contracts.proto.Side;
import org.jspecify.annotations.Nullable;

/**
 * Encodes one event at a time into a reused array: the bytes are an {@link Envelope}.
 *
 * <p>The hot path of the edge: nothing is allocated per event. Used by one thread. Each method encodes a
 * whole event and replaces the one before; {@link #array()} and {@link #length()} give its bytes until the
 * next call. Kinds that are rare (gaps, sessions, polled kinds) go through {@link #encode}.
 */
public final class EventEncoder {
    /** Stands for "the venue gave no time" and, for ids, "no id". */
    public static final long ABSENT = Long.MIN_VALUE;

    private final WireBuffer out = new WireBuffer();

    public byte[] array() {
        return out.array();
    }

    public int length() {
        return out.length();
    }

    private void begin(StreamHead head, long sequence, long receiveTime, long exchangeTime) {
        out.clear();
        byte[] bytes = head.bytes();
        out.raw(bytes, 0, bytes.length);
        out.varintField(10, sequence);
        out.fixedField(11, receiveTime);
        if (exchangeTime != ABSENT) {
            out.presentFixedField(12, exchangeTime);
        }
    }

    public void trade(
            StreamHead head,
            long sequence,
            long receiveTime,
            long exchangeTime,
            CharSequence tradeId,
            Decimal38 price,
            Decimal38 size,
            Side side,
            long firstTradeId,
            long lastTradeId,
            boolean repeatedByVenue) {
        begin(head, sequence, receiveTime, exchangeTime);
        int body = out.open(20);
        out.textField(1, tradeId);
        out.decimalField(2, price);
        out.decimalField(3, size);
        out.varintField(4, side.getNumber());
        idField(5, firstTradeId);
        idField(6, lastTradeId);
        out.flagField(7, repeatedByVenue);
        out.close(body);
    }

    /** A null price or size is absent. */
    public void quote(
            StreamHead head,
            long sequence,
            long receiveTime,
            long exchangeTime,
            @Nullable Decimal38 bidPrice,
            @Nullable Decimal38 bidSize,
            @Nullable Decimal38 askPrice,
            @Nullable Decimal38 askSize,
            long updateId) {
        begin(head, sequence, receiveTime, exchangeTime);
        int body = out.open(21);
        decimal(1, bidPrice);
        decimal(2, bidSize);
        decimal(3, askPrice);
        decimal(4, askSize);
        idField(5, updateId);
        out.close(body);
    }

    public void bookSnapshot(
            StreamHead head,
            long sequence,
            long receiveTime,
            long exchangeTime,
            long lastUpdateId,
            LevelList bids,
            LevelList asks,
            long checksum) {
        begin(head, sequence, receiveTime, exchangeTime);
        int body = out.open(22);
        idField(1, lastUpdateId);
        levels(2, bids);
        levels(3, asks);
        if (checksum != ABSENT) {
            out.presentSignedField(4, checksum);
        }
        out.close(body);
    }

    public void bookDelta(
            StreamHead head,
            long sequence,
            long receiveTime,
            long exchangeTime,
            long firstUpdateId,
            long lastUpdateId,
            long previousUpdateId,
            LevelList bids,
            LevelList asks,
            long checksum,
            boolean synchronised) {
        begin(head, sequence, receiveTime, exchangeTime);
        int body = out.open(23);
        idField(1, firstUpdateId);
        idField(2, lastUpdateId);
        idField(3, previousUpdateId);
        levels(4, bids);
        levels(5, asks);
        if (checksum != ABSENT) {
            out.presentSignedField(6, checksum);
        }
        out.flagField(7, synchronised);
        out.close(body);
    }

    /** A bar; the caller has closed it. */
    public void bar(
            StreamHead head,
            long sequence,
            long receiveTime,
            long exchangeTime,
            String timeframe,
            long openTime,
            Decimal38 open,
            Decimal38 high,
            Decimal38 low,
            Decimal38 close,
            Decimal38 volume,
            long tradeCount,
            int revision,
            boolean complete,
            String vendor) {
        begin(head, sequence, receiveTime, exchangeTime);
        int body = out.open(25);
        out.textField(1, timeframe);
        out.fixedField(2, openTime);
        out.decimalField(3, open);
        out.decimalField(4, high);
        out.decimalField(5, low);
        out.decimalField(6, close);
        out.decimalField(7, volume);
        out.varintField(8, tradeCount);
        out.varintField(9, revision);
        out.flagField(10, complete);
        out.textField(11, vendor);
        out.close(body);
    }

    /** The bytes as received; {@code request} is empty for a socket's message. */
    public void frame(
            StreamHead head,
            long sequence,
            long receiveTime,
            FrameKind kind,
            byte[] payload,
            int offset,
            int count,
            String request) {
        begin(head, sequence, receiveTime, ABSENT);
        // The length is known beforehand, so a frame of megabytes is copied once.
        int size = kind.getNumber() == 0 ? 0 : 2;
        if (count > 0) {
            size += 1 + WireBuffer.varintSize(count) + count;
        }
        if (request.isEmpty()) {
            out.messageHeader(31, size);
            out.varintField(1, kind.getNumber());
            out.bytesField(2, payload, offset, count);
        } else {
            int body = out.open(31);
            out.varintField(1, kind.getNumber());
            out.bytesField(2, payload, offset, count);
            out.textField(3, request);
            out.close(body);
        }
    }

    /**
     * Any event: {@code event} holds only the kind's own field; what it says of stream, sequence or times is
     * ignored.
     */
    public void encode(StreamHead head, long sequence, long receiveTime, long exchangeTime, Envelope event) {
        begin(head, sequence, receiveTime, exchangeTime);
        byte[] body = Envelope.newBuilder(event)
                .clearSchemaVersion()
                .clearTenant()
                .clearEdge()
                .clearIncarnation()
                .clearSource()
                .clearChannel()
                .clearSymbol()
                .clearVenueSymbol()
                .clearConnector()
                .clearSequence()
                .clearReceiveTime()
                .clearExchangeTime()
                .build()
                .toByteArray();
        out.raw(body, 0, body.length);
    }

    private void decimal(int field, @Nullable Decimal38 value) {
        if (value != null) {
            out.decimalField(field, value);
        }
    }

    private void idField(int field, long id) {
        if (id != ABSENT) {
            out.presentVarintField(field, id);
        }
    }

    private void levels(int field, LevelList levels) {
        int body = out.open(field);
        levels.encode(out);
        out.close(body);
    }
}
