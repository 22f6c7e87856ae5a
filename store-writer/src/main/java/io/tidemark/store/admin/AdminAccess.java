package io.tidemark.store.admin;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import io.tidemark.contracts.failure.StartFailure;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/**
 * Lets calls of {@code /admin} pass that bring the token or, where none is set, come from this machine and from
 * no web page. Without a token the writer does not start on an address that others reach.
 */
@Singleton
final class AdminAccess {
    private static final String BEARER = "Bearer ";

    private final Provider<AdminSettings> settings;
    private boolean enabled;
    private Optional<byte[]> token = Optional.empty();

    /** The container makes filters before it has the settings; they are asked for at the start. */
    @Inject
    AdminAccess(Provider<AdminSettings> settings) {
        this.settings = settings;
    }

    /** The token, if one is set. */
    static Optional<byte[]> read(AdminSettings settings) {
        Optional<String> text = settings.token();
        if (settings.tokenFile().isPresent()) {
            try {
                text = Files.readString(settings.tokenFile().get()).lines().findFirst();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "store.admin.token-file cannot be read: "
                                + settings.tokenFile().get(),
                        e);
            }
        }
        return text.map(String::strip)
                .filter(given -> !given.isEmpty())
                .map(given -> given.getBytes(StandardCharsets.UTF_8));
    }

    void start(@Observes StartupEvent event) {
        AdminSettings given = settings.get();
        enabled = given.enabled();
        token = read(given);
        String host = ConfigProvider.getConfig()
                .getOptionalValue("quarkus.http.host", String.class)
                .orElse("127.0.0.1");
        if (enabled && token.isEmpty() && !isLoopback(host)) {
            System.err.println("store-writer: these settings are wrong:\n  - store.admin.token: the writer listens on "
                    + host + ", where others reach it; set a token (or store.admin.token-file),"
                    + " or store.admin.enabled: false");
            Quarkus.asyncExit(StartFailure.SETTINGS);
        }
    }

    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @ServerRequestFilter
    Optional<Response> admit(ContainerRequestContext call, HttpServerRequest request, SimpleResourceInfo resource) {
        // By the class that would answer: a path can be written in several ways.
        if (!resource.getResourceClass().getPackageName().equals(AdminAccess.class.getPackageName())) {
            return Optional.empty();
        }
        if (!enabled) {
            return refused(404, "store.admin.enabled is false");
        }
        if (token.isPresent()) {
            return carries(call.getHeaderString("Authorization"), token.get())
                    ? Optional.empty()
                    : refused(401, "the bearer token of store.admin.token is needed");
        }
        String from =
                request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress();
        if (from == null || from.isEmpty() || !isLoopback(from) || call.getHeaderString("Origin") != null) {
            return refused(403, "without store.admin.token only programs of this machine may call");
        }
        return Optional.empty();
    }

    private static boolean carries(@org.jspecify.annotations.Nullable String header, byte[] token) {
        return header != null
                && header.startsWith(BEARER)
                && MessageDigest.isEqual(
                        header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8), token);
    }

    private static Optional<Response> refused(int status, String reason) {
        return Optional.of(Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("error", reason))
                .build());
    }
}
