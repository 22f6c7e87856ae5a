package io.tidemark.store.migrate;

import io.tidemark.store.database.JdbcAccess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** What the sender of the rate signals wrote into the database last, for copies that go on beside it. */
public final class FeedbackState {
    private static final Logger LOG = Logger.getLogger(FeedbackState.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** As long as a signal's usual lease: after that nobody speaks for the writers. */
    private static final String FRESH = "SELECT state FROM store_feedback WHERE updated_at > now() - interval '30 s'";

    private final JdbcAccess access;
    private long asked = System.nanoTime() - TimeUnit.HOURS.toNanos(1);
    private FeedbackPace.State last = FeedbackPace.State.GREEN;

    private FeedbackState(JdbcAccess access) {
        this.access = access;
    }

    /** The pace of a copy that asks this at most once a second. */
    public static Pace pace(JdbcAccess access, long rowsPerSecond) {
        FeedbackState state = new FeedbackState(access);
        return new FeedbackPace(state::ask, rowsPerSecond, time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()));
    }

    private FeedbackPace.State ask() {
        long now = System.nanoTime();
        if (now - asked < TimeUnit.SECONDS.toNanos(1)) {
            return last;
        }
        asked = now;
        FeedbackPace.State worst = FeedbackPace.State.GREEN;
        try (Connection connection = access.open(LIMIT);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FRESH)) {
            while (row.next()) {
                String said = row.getString(1);
                if (said.equals("RED")) {
                    worst = FeedbackPace.State.RED;
                } else if (said.equals("AMBER") && worst == FeedbackPace.State.GREEN) {
                    worst = FeedbackPace.State.AMBER;
                }
            }
        } catch (SQLException e) {
            // The copy itself will meet the same trouble and say so.
            LOG.debugf("cannot ask for the feedback's state: %s", e.getMessage());
            worst = last;
        }
        last = worst;
        return worst;
    }
}
