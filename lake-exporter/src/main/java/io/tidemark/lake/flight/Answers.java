package io.tidemark.lake.flight;

import io.tidemark.lake.flight.FlightMetrics.Outcome;
import java.sql.SQLException;
import java.util.Locale;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Failures in the words and status codes that clients get to see. */
final class Answers {
    private static final Logger LOG = Logger.getLogger(Answers.class);

    private Answers() {}

    /** The status for the client, who must not learn paths; what only the operator can mend is logged here. */
    static FlightRuntimeException of(Throwable failure, @Nullable Watch watch) {
        Watch.Reason reason = watch == null ? null : watch.reason();
        if (reason != null) {
            return switch (reason) {
                case CLIENT -> CallStatus.CANCELLED.withDescription("cancelled").toRuntimeException();
                case TIME ->
                    CallStatus.TIMED_OUT
                            .withDescription("the query took longer than it may (lake.flight.query-timeout,"
                                    + " lake.flight.plan-timeout)")
                            .toRuntimeException();
                case SHUTDOWN ->
                    CallStatus.UNAVAILABLE
                            .withDescription("the service is stopping")
                            .toRuntimeException();
            };
        }
        if (failure instanceof FlightRuntimeException known) {
            return known;
        }
        if (failure instanceof RefusedException refused) {
            CallStatus status = refused.malformed() ? CallStatus.INVALID_ARGUMENT : CallStatus.UNAUTHORIZED;
            return status.withDescription(String.valueOf(refused.getMessage())).toRuntimeException();
        }
        if (failure instanceof OutOfMemoryException) {
            return CallStatus.RESOURCE_EXHAUSTED
                    .withDescription("too much of results is on its way already (lake.flight.result-memory)")
                    .toRuntimeException();
        }
        if (failure instanceof SQLException) {
            return engine(String.valueOf(failure.getMessage()), failure);
        }
        LOG.error("a Flight SQL call failed", failure);
        return CallStatus.INTERNAL
                .withDescription("the query failed inside the service; its log says why")
                .toRuntimeException();
    }

    private static FlightRuntimeException engine(String message, Throwable failure) {
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("out of memory")) {
            return CallStatus.RESOURCE_EXHAUSTED
                    .withDescription("the query needs more memory or spill space than it may have"
                            + " (lake.flight.memory-limit, lake.flight.spill-limit)")
                    .toRuntimeException();
        }
        if (lower.contains("permission error")) {
            return CallStatus.UNAUTHORIZED
                    .withDescription("refused: only the lake's views can be read")
                    .toRuntimeException();
        }
        if (lower.contains("io error") || lower.contains("internal error") || lower.contains(".parquet")) {
            LOG.error("the query engine failed", failure);
            return CallStatus.INTERNAL
                    .withDescription("the lake's files could not be read; the service's log says why")
                    .toRuntimeException();
        }
        return CallStatus.INVALID_ARGUMENT.withDescription(message).toRuntimeException();
    }

    static Outcome outcome(@Nullable Watch watch, Throwable failure) {
        Watch.Reason reason = watch == null ? null : watch.reason();
        if (reason == null) {
            return failure instanceof RowLimitException ? Outcome.TOO_MANY_ROWS : Outcome.FAILED;
        }
        return reason == Watch.Reason.TIME ? Outcome.TIMED_OUT : Outcome.CANCELLED;
    }

    /** A result with more rows than one may have. */
    static final class RowLimitException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RowLimitException(long limit) {
            super("the result has more than " + limit + " rows (lake.flight.max-rows)");
        }
    }
}
