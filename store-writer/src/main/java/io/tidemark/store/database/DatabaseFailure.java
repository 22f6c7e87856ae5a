package io.tidemark.store.database;

import io.tidemark.contracts.failure.FailureKind;
import io.vertx.pgclient.PgException;
import org.jspecify.annotations.Nullable;

/** A statement or transaction that did not succeed, and what its SQLSTATE means. */
public final class DatabaseFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What the writer does about it. */
    public enum Meaning {
        /** The row's key exists already (23505). */
        KEY_EXISTS,
        /** No partition takes the row's time (23514 without a constraint's name). */
        NO_PARTITION,
        /** A value of a row is refused and always will be. */
        DATA,
        /** It may succeed when repeated: connection, deadlock, resources, a server that stops. */
        TRANSIENT,
        /** Disk or another store of the server is full. */
        STORAGE_FULL,
        /** The answer to a commit never came. */
        OUTCOME_UNKNOWN,
        /** Anything else: a missing table, no permission. Repeated too, slowly, for an operator may mend it. */
        OTHER
    }

    private final Meaning meaning;
    private final String sqlState;

    private DatabaseFailure(String message, Meaning meaning, String sqlState, @Nullable Throwable cause) {
        super(message, cause);
        this.meaning = meaning;
        this.sqlState = sqlState;
    }

    static DatabaseFailure of(Throwable cause) {
        if (cause instanceof DatabaseFailure known) {
            return known;
        }
        if (cause instanceof PgException server) {
            String state = server.getSqlState() == null ? "" : server.getSqlState();
            boolean named =
                    server.getConstraint() != null && !server.getConstraint().isEmpty();
            String message = server.getErrorMessage() + " (SQLSTATE " + state + ")";
            return new DatabaseFailure(message, meaning(state, named), state, cause);
        }
        String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new DatabaseFailure(text, Meaning.TRANSIENT, "08000", cause);
    }

    static DatabaseFailure timedOut(String what, boolean committing) {
        return new DatabaseFailure(
                what + " did not end in time", committing ? Meaning.OUTCOME_UNKNOWN : Meaning.TRANSIENT, "08000", null);
    }

    DatabaseFailure withUnknownOutcome() {
        return new DatabaseFailure(String.valueOf(getMessage()), Meaning.OUTCOME_UNKNOWN, sqlState, this);
    }

    static Meaning meaning(String state, boolean namesConstraint) {
        if (state.equals("23505")) {
            return Meaning.KEY_EXISTS;
        }
        if (state.equals("23514") && !namesConstraint) {
            return Meaning.NO_PARTITION;
        }
        if (state.equals("53100")) {
            return Meaning.STORAGE_FULL;
        }
        if (state.startsWith("08")
                || state.equals("40001")
                || state.equals("40P01")
                || state.startsWith("53")
                || state.equals("55P03")
                || state.startsWith("57")) {
            return Meaning.TRANSIENT;
        }
        if (state.startsWith("22") || state.startsWith("23") || state.equals("54000")) {
            return Meaning.DATA;
        }
        return Meaning.OTHER;
    }

    public Meaning meaning() {
        return meaning;
    }

    public String sqlState() {
        return sqlState;
    }

    /** Whether the connection or server is at fault, so that the same statement may succeed later. */
    public boolean mayPass() {
        return meaning == Meaning.TRANSIENT
                || meaning == Meaning.STORAGE_FULL
                || meaning == Meaning.OUTCOME_UNKNOWN
                || meaning == Meaning.NO_PARTITION;
    }

    public FailureKind kind() {
        return switch (meaning) {
            case KEY_EXISTS, DATA -> FailureKind.INVALID;
            case NO_PARTITION, TRANSIENT -> FailureKind.TRANSIENT;
            case STORAGE_FULL -> FailureKind.STORAGE_FULL;
            case OUTCOME_UNKNOWN -> FailureKind.OUTCOME_UNKNOWN;
            case OTHER -> FailureKind.FATAL;
        };
    }
}
