package io.tidemark.lake.flight;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The settings after all checks: what is in here can be used as it stands. */
record FlightOptions(
        String host,
        int port,
        Optional<Credentials> credentials,
        Duration tokenLifetime,
        Optional<TlsFiles> tls,
        Limits limits,
        Path workDirectory) {

    /** Who may log in. */
    record Credentials(String user, String password) {
        @Override
        public String toString() {
            return "Credentials[" + user + "]";
        }
    }

    record TlsFiles(Path certificate, Path key) {}

    /** What one client, and all together, can take of the machine. */
    record Limits(
            Duration queryTimeout,
            Duration planTimeout,
            long maxRows,
            int maxQueries,
            int maxWaiting,
            long engineMemory,
            long resultMemory,
            int threads,
            long spill,
            int maxHandles,
            Duration handleTimeout) {}

    /** Throws {@link FlightSettingsException} with all mistakes at once. */
    static FlightOptions of(FlightSettings settings) {
        List<String> mistakes = new ArrayList<>();
        if (settings.port() < 0 || settings.port() > 65535) {
            mistakes.add("lake.flight.port: " + settings.port() + " is not a port (0 to 65535)");
        }
        positive(mistakes, "query-timeout", settings.queryTimeout());
        positive(mistakes, "plan-timeout", settings.planTimeout());
        positive(mistakes, "handle-timeout", settings.handleTimeout());
        positive(mistakes, "token-lifetime", settings.tokenLifetime());
        positive(mistakes, "max-rows", settings.maxRows());
        positive(mistakes, "max-queries", settings.maxQueries());
        positive(mistakes, "max-waiting", settings.maxWaiting());
        positive(mistakes, "threads", settings.threads());
        positive(mistakes, "max-handles", settings.maxHandles());
        atLeast(mistakes, "memory-limit", settings.memoryLimit().asLongValue(), 32L << 20);
        atLeast(mistakes, "result-memory", settings.resultMemory().asLongValue(), 32L << 20);
        atLeast(mistakes, "spill-limit", settings.spillLimit().asLongValue(), 0);
        Optional<Credentials> credentials = credentials(settings, mistakes);
        Optional<TlsFiles> tls = tls(settings, mistakes);
        checkHost(settings, credentials.isPresent(), tls.isPresent(), mistakes);
        if (!mistakes.isEmpty()) {
            throw new FlightSettingsException(mistakes);
        }
        return new FlightOptions(
                settings.host(),
                settings.port(),
                credentials,
                settings.tokenLifetime(),
                tls,
                new Limits(
                        settings.queryTimeout(),
                        settings.planTimeout(),
                        settings.maxRows(),
                        settings.maxQueries(),
                        settings.maxWaiting(),
                        settings.memoryLimit().asLongValue(),
                        settings.resultMemory().asLongValue(),
                        settings.threads(),
                        settings.spillLimit().asLongValue(),
                        settings.maxHandles(),
                        settings.handleTimeout()),
                settings.workDirectory());
    }

    private static Optional<Credentials> credentials(FlightSettings settings, List<String> mistakes) {
        Optional<Path> file = settings.passwordFile();
        Optional<String> password = settings.password();
        if (file.isPresent() && password.isPresent()) {
            mistakes.add("lake.flight.password-file and lake.flight.password are both set; one of them is enough");
            return Optional.empty();
        }
        if (file.isPresent()) {
            try {
                password = Optional.of(Files.readString(file.get()).strip());
            } catch (IOException e) {
                mistakes.add("lake.flight.password-file: cannot read " + file.get());
                return Optional.empty();
            }
        }
        if (password.isPresent() && password.get().isEmpty()) {
            mistakes.add("lake.flight.password-file: the password is empty");
            return Optional.empty();
        }
        if (settings.user().isPresent() != password.isPresent()) {
            mistakes.add(
                    settings.user().isPresent()
                            ? "lake.flight.user is set without a password (lake.flight.password-file)"
                            : "a password is set without lake.flight.user");
            return Optional.empty();
        }
        if (settings.user().isPresent() && settings.user().get().contains(":")) {
            mistakes.add("lake.flight.user: a name cannot hold a colon");
            return Optional.empty();
        }
        if (settings.user().isEmpty() || password.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Credentials(settings.user().get(), password.get()));
    }

    private static Optional<TlsFiles> tls(FlightSettings settings, List<String> mistakes) {
        Optional<Path> certificate = settings.tls().certificate();
        Optional<Path> key = settings.tls().key();
        if (certificate.isPresent() != key.isPresent()) {
            mistakes.add("lake.flight.tls: certificate and key belong together; "
                    + (key.isPresent() ? "the certificate" : "the key") + " is missing");
            return Optional.empty();
        }
        if (certificate.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        boolean readable = true;
        for (Path file : List.of(certificate.get(), key.get())) {
            if (!Files.isReadable(file)) {
                mistakes.add("lake.flight.tls: cannot read " + file);
                readable = false;
            }
        }
        return readable ? Optional.of(new TlsFiles(certificate.get(), key.get())) : Optional.empty();
    }

    private static void checkHost(FlightSettings settings, boolean login, boolean tls, List<String> mistakes) {
        boolean loopback;
        try {
            loopback = InetAddress.getByName(settings.host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            mistakes.add("lake.flight.host: unknown address \"" + settings.host() + "\"");
            return;
        }
        if (!loopback && !login) {
            mistakes.add("lake.flight.host: " + settings.host()
                    + " is reachable from other machines; set lake.flight.user and lake.flight.password-file,"
                    + " or listen on 127.0.0.1");
        }
        if (!loopback && !tls) {
            mistakes.add("lake.flight.host: " + settings.host()
                    + " is reachable from other machines; set lake.flight.tls.certificate and lake.flight.tls.key,"
                    + " or listen on 127.0.0.1");
        }
    }

    private static void positive(List<String> mistakes, String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            mistakes.add("lake.flight." + name + ": must be longer than nothing, not " + value);
        }
    }

    private static void positive(List<String> mistakes, String name, long value) {
        atLeast(mistakes, name, value, 1);
    }

    private static void atLeast(List<String> mistakes, String name, long value, long least) {
        if (value < least) {
            mistakes.add("lake.flight." + name + ": must be at least " + least + ", not " + value);
        }
    }
}
