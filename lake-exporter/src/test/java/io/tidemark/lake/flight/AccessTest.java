package io.tidemark.lake.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.lake.flight.FlightOptions.Credentials;
import io.tidemark.lake.flight.FlightOptions.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.ErrorFlightMetadata;
import org.apache.arrow.flight.FlightRuntimeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, and how. */
class AccessTest {
    private static final Credentials ANNA = new Credentials("anna", "s3cret:with colon");

    @TempDir
    Path folder;

    @Test
    void withoutTheRightUserAndPasswordNothingIsAnswered() throws Exception {
        try (LakeFlightServer server =
                TestLake.serve(new TestLake(folder), options(Optional.of(ANNA), Optional.empty()))) {
            assertEquals(1, ask(server, "anna", "s3cret:with colon", "useEncryption=false"));
            assertThrows(SQLException.class, () -> ask(server, "anna", "wrong", "useEncryption=false"));
            assertThrows(SQLException.class, () -> ask(server, "otto", "s3cret:with colon", "useEncryption=false"));
            assertThrows(SQLException.class, () -> ask(server, null, null, "useEncryption=false"));
        }
    }

    @Test
    void aServerWithoutUsersTakesClientsThatBringOne() throws Exception {
        try (LakeFlightServer server =
                TestLake.serve(new TestLake(folder), options(Optional.empty(), Optional.empty()))) {
            assertEquals(1, ask(server, null, null, "useEncryption=false"));
            assertEquals(1, ask(server, "anna", "anything", "useEncryption=false"));
        }
    }

    @Test
    void connectionsAreEncryptedWhereACertificateIsSet() throws Exception {
        TlsFiles tls = certificate();
        try (LakeFlightServer server =
                TestLake.serve(new TestLake(folder), options(Optional.of(ANNA), Optional.of(tls)))) {
            assertEquals(
                    1,
                    ask(server, "anna", "s3cret:with colon", "useEncryption=true&disableCertificateVerification=true"));
            assertThrows(
                    SQLException.class,
                    () -> ask(server, "anna", "s3cret:with colon", "useEncryption=false&connectTimeoutMillis=2000"));
        }
    }

    @Test
    void aTokenIsGoodUntilItEndsAndNoOtherIs() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2024-08-08T00:00:00Z"));
        Login login = new Login(ANNA, Duration.ofHours(1), now::get);
        CallHeaders answer = new ErrorFlightMetadata();
        login.authenticate(headers("Basic " + base64("anna:s3cret:with colon"))).appendToOutgoingHeaders(answer);
        String token = String.valueOf(answer.get("authorization"));
        assertEquals("anna", login.authenticate(headers(token)).getPeerIdentity());
        now.set(Instant.parse("2024-08-08T00:59:59Z"));
        assertEquals("anna", login.authenticate(headers(token)).getPeerIdentity());
        now.set(Instant.parse("2024-08-08T01:00:00Z"));
        refused(login, token);
        now.set(Instant.parse("2024-08-08T00:00:00Z"));
        Login restarted = new Login(ANNA, Duration.ofHours(1), now::get);
        refused(restarted, token);
        for (String wrong : List.of(
                "Bearer ",
                "Bearer AAAA",
                "Bearer ***",
                "Basic ",
                "Basic ***",
                "Basic " + base64("anna"),
                "Digest x",
                "")) {
            refused(login, wrong);
        }
        assertThrows(FlightRuntimeException.class, () -> login.authenticate(new ErrorFlightMetadata()));
    }

    @Test
    void guessingPasswordsIsSlowedDownAndTokensGoOnWorking() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2024-08-08T00:00:00Z"));
        Login login = new Login(ANNA, Duration.ofHours(1), now::get);
        String right = "Basic " + base64("anna:s3cret:with colon");
        CallHeaders answer = new ErrorFlightMetadata();
        login.authenticate(headers(right)).appendToOutgoingHeaders(answer);
        String token = String.valueOf(answer.get("authorization"));
        for (int i = 0; i < 100; i++) {
            login.authenticate(headers(right));
        }
        for (int i = 0; i < Login.ATTEMPTS; i++) {
            refused(login, "Basic " + base64("anna:guess" + i));
        }
        FlightRuntimeException slow =
                assertThrows(FlightRuntimeException.class, () -> login.authenticate(headers(right)));
        assertTrue(String.valueOf(slow.getMessage()).contains("too many wrong passwords"));
        assertEquals("anna", login.authenticate(headers(token)).getPeerIdentity());
        now.set(Instant.parse("2024-08-08T00:00:03Z"));
        assertEquals("anna", login.authenticate(headers(right)).getPeerIdentity());
        refused(login, "Basic " + base64("anna:guess"));
        assertThrows(FlightRuntimeException.class, () -> login.authenticate(headers(right)));
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (LakeFlightServer first =
                TestLake.serve(new TestLake(folder), options(Optional.empty(), Optional.empty()))) {
            FlightOptions same = new FlightOptions(
                    "127.0.0.1",
                    first.port(),
                    Optional.empty(),
                    Duration.ofHours(1),
                    Optional.empty(),
                    TestLake.limits(),
                    folder.resolve("work"));
            IOException busy = assertThrows(IOException.class, () -> TestLake.serve(new TestLake(folder), same));
            assertEquals(
                    "lake.flight.port: 127.0.0.1:" + first.port()
                            + " is in use already or not an address of this machine",
                    busy.getMessage());
        }
        try (var left = Files.list(folder.resolve("work"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    private static void refused(Login login, String header) {
        assertThrows(FlightRuntimeException.class, () -> login.authenticate(headers(header)), header);
    }

    private static CallHeaders headers(String authorization) {
        CallHeaders headers = new ErrorFlightMetadata();
        headers.insert("authorization", authorization);
        return headers;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private FlightOptions options(Optional<Credentials> credentials, Optional<TlsFiles> tls) {
        return new FlightOptions(
                "127.0.0.1", 0, credentials, Duration.ofHours(1), tls, TestLake.limits(), folder.resolve("work"));
    }

    private static int ask(
            LakeFlightServer server,
            @org.jspecify.annotations.Nullable String user,
            @org.jspecify.annotations.Nullable String password,
            String options)
            throws SQLException {
        Properties login = new Properties();
        if (user != null && password != null) {
            login.setProperty("user", user);
            login.setProperty("password", password);
        }
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:arrow-flight-sql://127.0.0.1:" + server.port() + "/?" + options, login);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            assertTrue(rows.next());
            int answer = rows.getInt(1);
            assertFalse(rows.next());
            return answer;
        }
    }

    /** A self-signed certificate by the JDK's own tool, as PEM files. */
    private TlsFiles certificate() throws Exception {
        Path store = folder.resolve("key.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "k",
                        "-keyalg",
                        "RSA",
                        "-keysize",
                        "2048",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, keytool.exitValue());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        Key key = keys.getKey("k", "changeit".toCharArray());
        return new TlsFiles(
                pem("cert.pem", "CERTIFICATE", keys.getCertificate("k").getEncoded()),
                pem("key.pem", "PRIVATE KEY", key.getEncoded()));
    }

    private Path pem(String name, String type, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                folder.resolve(name), "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }
}
