package io.tidemark.store.deadletter;

import com.google.protobuf.InvalidProtocolBufferException;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.topic.Headers;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;

/**
 * Sends what is in the outbox to the dead-letter topic, and what an operator wants to be tried again to the topic
 * it came from; called by one thread, again and again.
 */
@Singleton
public final class DeadLetterPublisher {
    private static final int AT_ONCE = 50;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final Outbox outbox;
    private final MutinyEmitter<byte[]> emitter;

    @Inject
    DeadLetterPublisher(Outbox outbox, @Channel("store-dead-letters") MutinyEmitter<byte[]> emitter) {
        this.outbox = outbox;
        this.emitter = emitter;
    }

    /** Publishes some; true when there may be more. What fails stays for the next call. */
    public boolean publishSome() {
        boolean more = send(outbox.unpublished(AT_ONCE), DeadLetterPublisher::message, outbox::published);
        return more | send(outbox.toReplay(AT_ONCE), DeadLetterPublisher::again, outbox::replayed);
    }

    private boolean send(
            List<Outbox.Entry> entries, Function<DeadLetter, Message<byte[]>> message, Consumer<List<Long>> sent) {
        if (entries.isEmpty()) {
            return false;
        }
        List<Uni<Void>> sends = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        for (Outbox.Entry entry : entries) {
            sends.add(emitter.sendMessage(message.apply(entry.letter())));
            ids.add(entry.id());
        }
        Uni.join().all(sends).andCollectFailures().await().atMost(LIMIT);
        sent.accept(ids);
        return entries.size() == AT_ONCE;
    }

    /** The original record once more, to where it came from, with the place it had there. */
    private static Message<byte[]> again(DeadLetter letter) {
        RecordHeaders headers = new RecordHeaders();
        header(
                headers,
                DeadLetterHeaders.REPLAY_OF,
                letter.origin() + "@" + letter.record().offset());
        Envelope event = envelope(letter.record().value());
        if (event != null) {
            header(headers, Headers.TENANT, event.getTenant());
            header(headers, Headers.SCHEMA_VERSION, Integer.toString(event.getSchemaVersion()));
            header(headers, Headers.EDGE, event.getEdge());
            header(headers, Headers.INCARNATION, Long.toString(event.getIncarnation()));
            header(headers, Headers.CHANNEL, event.getChannel());
            header(headers, Headers.SEQUENCE, Long.toString(event.getSequence()));
        }
        return message(letter, headers, letter.origin().topic());
    }

    private static @Nullable Envelope envelope(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            return Envelope.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            // It goes without headers, as it is.
            return null;
        }
    }

    private static Message<byte[]> message(DeadLetter letter) {
        RecordHeaders headers = new RecordHeaders();
        header(headers, DeadLetterHeaders.REASON, letter.reason());
        header(headers, DeadLetterHeaders.DETAIL, letter.detail());
        header(headers, DeadLetterHeaders.TOPIC, letter.origin().topic());
        header(
                headers,
                DeadLetterHeaders.PARTITION,
                Integer.toString(letter.origin().number()));
        header(headers, DeadLetterHeaders.OFFSET, Long.toString(letter.record().offset()));
        return message(letter, headers, null);
    }

    private static Message<byte[]> message(DeadLetter letter, RecordHeaders headers, @Nullable String topic) {
        OutgoingKafkaRecordMetadata.OutgoingKafkaRecordMetadataBuilder<byte[]> metadata =
                OutgoingKafkaRecordMetadata.<byte[]>builder().withHeaders(headers);
        if (topic != null) {
            metadata.withTopic(topic);
        }
        byte[] key = letter.record().key();
        if (key != null) {
            metadata.withKey(key);
        }
        byte[] value = letter.record().value();
        return Message.of(value == null ? new byte[0] : value).addMetadata(metadata.build());
    }

    private static void header(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
