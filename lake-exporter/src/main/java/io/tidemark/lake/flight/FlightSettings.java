package io.tidemark.lake.flight;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of the Flight SQL endpoint. */
@ConfigMapping(prefix = "lake.flight")
public interface FlightSettings {
    /** Whether the service opens the endpoint at all. */
    @WithDefault("true")
    boolean enabled();

    /** The address to listen on; any other than loopback needs a user, a password and TLS. */
    @WithDefault("127.0.0.1")
    String host();

    /** The port to listen on; 0 takes a free one. */
    @WithDefault("32010")
    int port();

    /** The name clients log in with; without it nobody has to log in. */
    Optional<String> user();

    /** A file that holds the password, one line. */
    Optional<Path> passwordFile();

    /** The password itself, meant to come from the environment ({@code LAKE_FLIGHT_PASSWORD}). */
    Optional<String> password();

    /** How long a login is good for before the client has to send user and password again. */
    @WithDefault("12h")
    Duration tokenLifetime();

    /** Encryption of the connections. */
    Tls tls();

    /** Longest time from the start of a query to the last row the client took. */
    @WithDefault("5m")
    Duration queryTimeout();

    /** Longest time to check and plan a statement. */
    @WithDefault("30s")
    Duration planTimeout();

    /** Most rows of one result; a query with more fails. */
    @WithDefault("100000000")
    long maxRows();

    /** Queries that run at the same time. */
    @WithDefault("4")
    int maxQueries();

    /** Queries that may wait for their turn; more are turned away. */
    @WithDefault("32")
    int maxWaiting();

    /** Memory of the query engine; what does not fit is spilled to the work folder. */
    @WithDefault("1G")
    MemorySize memoryLimit();

    /** Memory of the results on their way to the clients, all queries together. */
    @WithDefault("512M")
    MemorySize resultMemory();

    /** Processor threads of the query engine. */
    @WithDefault("2")
    int threads();

    /** Most disk that queries may spill to, all together. */
    @WithDefault("4G")
    MemorySize spillLimit();

    /** Where view catalogues and spilled data live; a folder of its own is made and removed below it. */
    @WithDefault("${java.io.tmpdir}")
    Path workDirectory();

    /** Prepared statements and results not yet fetched that the endpoint remembers. */
    @WithDefault("1000")
    int maxHandles();

    /** How long an unused one is remembered. */
    @WithDefault("10m")
    Duration handleTimeout();

    /** PEM files; both or none. */
    interface Tls {
        /** The certificate chain, PEM. */
        Optional<Path> certificate();

        /** The private key, PEM (PKCS#8). */
        Optional<Path> key();
    }

    /** Throws {@link FlightSettingsException} with every mistake that shows only when the settings are seen together. */
    default void check() {
        if (enabled()) {
            FlightOptions.of(this);
        }
    }
}
