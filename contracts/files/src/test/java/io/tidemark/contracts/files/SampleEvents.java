package io.tidemark.contracts.files;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Levels;
import io.tidemark.contracts.proto.SequenceRange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Events of every kind, with every field filled, absent, or at random. */
final class SampleEvents {
    static final Map<String, Integer> BODIES = new LinkedHashMap<>();

    static {
        BODIES.put("trades", Envelope.TRADE_FIELD_NUMBER);
        BODIES.put("quotes", Envelope.QUOTE_FIELD_NUMBER);
        BODIES.put("book-snapshots", Envelope.BOOK_SNAPSHOT_FIELD_NUMBER);
        BODIES.put("book-deltas", Envelope.BOOK_DELTA_FIELD_NUMBER);
        BODIES.put("tickers", Envelope.TICKER_FIELD_NUMBER);
        BODIES.put("bars-1m", Envelope.BAR_FIELD_NUMBER);
        BODIES.put("options", Envelope.OPTION_FIELD_NUMBER);
        BODIES.put("fundamentals", Envelope.FUNDAMENTAL_FIELD_NUMBER);
        BODIES.put("news", Envelope.NEWS_FIELD_NUMBER);
        BODIES.put("gaps", Envelope.GAP_FIELD_NUMBER);
        BODIES.put("sessions", Envelope.SESSION_FIELD_NUMBER);
        BODIES.put("frames", Envelope.FRAME_FIELD_NUMBER);
    }

    static final long START = 1_723_161_253_937_000_123L;

    private final Random random;

    SampleEvents(long seed) {
        random = new Random(seed);
    }

    static EventSchema schema(String channel) {
        return EventSchema.raw(channel);
    }

    static Envelope.Builder head(String channel, long sequence) {
        boolean whole = Channel.of(channel) == Channel.FRAMES || Channel.of(channel) == Channel.SESSIONS;
        return Envelope.newBuilder()
                .setSchemaVersion(1)
                .setTenant("default")
                .setEdge("pi-1")
                .setIncarnation(3)
                .setSource("binance")
                .setChannel(channel)
                .setSymbol(whole ? "_" : "BTC-USDT")
                .setVenueSymbol(whole ? "" : "BTCUSDT")
                .setConnector("ws")
                .setSequence(sequence)
                .setReceiveTime(START + sequence * 1_000_003);
    }

    /** Only what every event has, and an empty body. */
    static Envelope bare(String channel, long sequence) {
        Envelope.Builder event = head(channel, sequence);
        FieldDescriptor body = body(channel);
        return event.setField(body, event.newBuilderForField(body).build()).build();
    }

    private static FieldDescriptor body(String channel) {
        Integer number = BODIES.get(channel);
        return Envelope.getDescriptor().findFieldByNumber(number == null ? 0 : number);
    }

    /** Each field present with a probability; 1 fills all. */
    Envelope event(String channel, long sequence, double filled) {
        Envelope.Builder event = head(channel, sequence);
        if (random.nextDouble() < filled) {
            event.setExchangeTime(START + random.nextLong(3_600_000_000_000L));
        }
        FieldDescriptor body = body(channel);
        Message.Builder message = event.newBuilderForField(body);
        for (FieldDescriptor field : body.getMessageType().getFields()) {
            if (random.nextDouble() >= filled) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    message.addRepeatedField(
                            field,
                            field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                                    ? SequenceRange.newBuilder()
                                            .setFirst(random.nextInt(9))
                                            .setLast(random.nextLong() >>> 1)
                                            .build()
                                    : text());
                }
            } else {
                message.setField(field, value(field));
            }
        }
        return event.setField(body, message.build()).build();
    }

    private Object value(FieldDescriptor field) {
        return switch (field.getType()) {
            case STRING -> text();
            case BYTES -> field.getName().equals("payload") ? payload() : decimal();
            case BOOL -> random.nextBoolean();
            case UINT32, SINT32 -> random.nextInt(40_000);
            case ENUM ->
                field.getEnumType()
                        .getValues()
                        .get(random.nextInt(field.getEnumType().getValues().size()));
            case MESSAGE -> levels();
            default -> random.nextInt(10) == 0 ? random.nextLong() : START + random.nextInt();
        };
    }

    private String text() {
        return "BTC ü€𝄞 \"x\" ".substring(random.nextInt(5)) + random.nextInt(1000);
    }

    private ByteString payload() {
        byte[] bytes = new byte[1 + random.nextInt(300)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    private ByteString decimal() {
        return Events.decimal(decimalText());
    }

    private String decimalText() {
        return switch (random.nextInt(6)) {
            case 0 -> "60123.45000000";
            case 1 -> "-0.000000000000000001";
            case 2 -> "99999999999999999999.999999999999999999";
            case 3 -> "-12345678901234567890.5";
            case 4 -> "0.00";
            default -> random.nextInt(100_000) + "." + random.nextInt(100_000_000);
        };
    }

    private Levels levels() {
        Levels.Builder levels = Levels.newBuilder();
        int count = random.nextInt(5);
        if (count > 0 && random.nextInt(3) == 0) {
            for (int i = 0; i < count; i++) {
                levels.addWidePrices(decimal()).addWideSizes(decimal());
            }
        } else if (count > 0) {
            levels.setPriceScale(random.nextInt(9)).setSizeScale(random.nextInt(19));
            for (int i = 0; i < count; i++) {
                levels.addPrices(random.nextLong()).addSizes(random.nextInt(100_000_000));
            }
        }
        return levels.build();
    }
}
