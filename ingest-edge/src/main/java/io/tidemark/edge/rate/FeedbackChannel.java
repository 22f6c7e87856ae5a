package io.tidemark.edge.rate;

import com.google.protobuf.InvalidProtocolBufferException;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.tidemark.contracts.proto.RateSignal;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** The feedback topic as it comes in; its settings are those of the channel {@code edge-feedback}. */
@ApplicationScoped
class FeedbackChannel {
    private static final Logger LOG = Logger.getLogger(FeedbackChannel.class);

    private final RateCoordinator coordinator;

    FeedbackChannel(RateCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Incoming("edge-feedback")
    @Blocking
    void signal(byte[] bytes) {
        try {
            coordinator.accept(RateSignal.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            LOG.warnf("A record of the feedback topic is no signal (%d bytes) and is ignored", bytes.length);
        }
    }
}
