package io.tidemark.store.deadletter;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Sends what is in the outbox to the dead-letter topic; called by one thread, again and again. */
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
        List<Outbox.Entry> entries = outbox.unpublished(AT_ONCE);
        if (entries.isEmpty()) {
            return false;
        }
        List<Uni<Void>> sends = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        for (Outbox.Entry entry : entries) {
            sends.add(emitter.sendMessage(message(entry.letter())));
            ids.add(entry.id());
        }
        Uni.join().all(sends).andCollectFailures().await().atMost(LIMIT);
        outbox.published(ids);
        return entries.size() == AT_ONCE;
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
        OutgoingKafkaRecordMetadata.OutgoingKafkaRecordMetadataBuilder<byte[]> metadata =
                OutgoingKafkaRecordMetadata.<byte[]>builder().withHeaders(headers);
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
