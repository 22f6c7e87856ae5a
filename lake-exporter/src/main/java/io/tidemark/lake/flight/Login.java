package io.tidemark.lake.flight;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.auth2.CallHeaderAuthenticator;

/**
 * Lets clients in that bring user and password, or the token they were given for them.
 *
 * <p>A token is the time it ends and a MAC of that under a key of this process: nothing has to be remembered, and
 * none outlives a restart.
 *
 * <p>Wrong passwords use up attempts, which come back slowly. While there are none, no password is looked at, not
 * even the right one, so that guessing gets nowhere; tokens go on working.
 */
final class Login implements CallHeaderAuthenticator {
    private static final String HEADER = "authorization";
    private static final String MAC = "HmacSHA256";

    /** Wrong passwords in a row, and how long it takes until one more may follow. */
    static final int ATTEMPTS = 10;

    static final Duration REST = Duration.ofSeconds(3);

    private final String user;
    private final byte[] expected;
    private final Duration lifetime;
    private final InstantSource clock;
    private final SecretKeySpec key;
    private int attempts = ATTEMPTS;
    private Instant refilled;

    Login(FlightOptions.Credentials credentials, Duration lifetime, InstantSource clock) {
        this.user = credentials.user();
        this.expected = digest(credentials.user() + ":" + credentials.password());
        this.lifetime = lifetime;
        this.clock = clock;
        this.refilled = clock.instant();
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, MAC);
    }

    @Override
    public AuthResult authenticate(CallHeaders headers) {
        Iterable<String> all = headers.getAll(HEADER);
        if (all != null) {
            for (String value : all) {
                if (basic(value) || bearer(value)) {
                    return accepted();
                }
            }
        }
        throw refused();
    }

    private boolean basic(String value) {
        if (!value.toLowerCase(Locale.ROOT).startsWith("basic ")) {
            return false;
        }
        takeAttempt();
        boolean right;
        try {
            byte[] given = Base64.getDecoder().decode(value.substring(6).strip());
            right = MessageDigest.isEqual(expected, digest(new String(given, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            // Not Base64, so not the password either.
            right = false;
        }
        if (right) {
            giveBack();
        }
        return right;
    }

    private synchronized void takeAttempt() {
        Instant now = clock.instant();
        long back = Math.max(0, Duration.between(refilled, now).dividedBy(REST));
        if (back > 0 || now.isBefore(refilled)) {
            attempts = (int) Math.min(ATTEMPTS, attempts + back);
            refilled = now;
        }
        if (attempts == 0) {
            throw CallStatus.RESOURCE_EXHAUSTED
                    .withDescription("too many wrong passwords; try again in " + REST.toSeconds() + " s")
                    .toRuntimeException();
        }
        attempts--;
    }

    /** The right password costs nothing. */
    private synchronized void giveBack() {
        attempts = Math.min(ATTEMPTS, attempts + 1);
    }

    private boolean bearer(String value) {
        if (!value.toLowerCase(Locale.ROOT).startsWith("bearer ")) {
            return false;
        }
        try {
            byte[] token = Base64.getUrlDecoder().decode(value.substring(7).strip());
            if (token.length <= Long.BYTES) {
                return false;
            }
            long ends = ByteBuffer.wrap(token).getLong();
            return MessageDigest.isEqual(token, token(ends)) && clock.instant().isBefore(Instant.ofEpochMilli(ends));
        } catch (IllegalArgumentException e) {
            // Not a token of ours.
            return false;
        }
    }

    private AuthResult accepted() {
        return new AuthResult() {
            @Override
            public String getPeerIdentity() {
                return user;
            }

            @Override
            public void appendToOutgoingHeaders(CallHeaders headers) {
                long ends = clock.instant().plus(lifetime).toEpochMilli();
                headers.insert(
                        HEADER,
                        "Bearer " + Base64.getUrlEncoder().withoutPadding().encodeToString(token(ends)));
            }
        };
    }

    private byte[] token(long ends) {
        byte[] head = ByteBuffer.allocate(Long.BYTES).putLong(ends).array();
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            byte[] proof = mac.doFinal(head);
            return ByteBuffer.allocate(head.length + proof.length)
                    .put(head)
                    .put(proof)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static FlightRuntimeException refused() {
        return CallStatus.UNAUTHENTICATED
                .withDescription("user or password is wrong, or the login has expired")
                .toRuntimeException();
    }
}
