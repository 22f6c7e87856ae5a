package io.tidemark.edge.admin;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;

/**
 * Lets calls of {@code /admin} pass that bring the token or, where none is set, come from this machine and from no web
 * page.
 */
final class AdminAccess {
    private static final String BEARER = "Bearer ";

    private final Optional<byte[]> token;

    AdminAccess(AdminSettings settings) throws IOException {
        token = read(settings);
    }

    private static Optional<byte[]> read(AdminSettings settings) throws IOException {
        Optional<String> text = settings.token();
        Optional<Path> file = settings.tokenFile();
        if (file.isPresent()) {
            text = Files.readString(file.get()).lines().findFirst();
        }
        return text.map(String::strip).filter(t -> !t.isEmpty()).map(t -> t.getBytes(StandardCharsets.UTF_8));
    }

    @ServerRequestFilter
    Optional<Response> admit(ContainerRequestContext call, HttpServerRequest request, SimpleResourceInfo resource) {
        // Not by the path, which may be spelled in many ways: by what answers it.
        if (!resource.getResourceClass().getPackageName().equals(AdminAccess.class.getPackageName())) {
            return Optional.empty();
        }
        if (token.isPresent()) {
            String header = call.getHeaderString("Authorization");
            boolean good = header != null
                    && header.startsWith(BEARER)
                    && MessageDigest.isEqual(
                            header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8), token.get());
            return good ? Optional.empty() : refused(401, "the bearer token of edge.admin.token is needed");
        }
        String from =
                request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress();
        boolean here = from.startsWith("127.") || from.equals("::1") || from.equals("0:0:0:0:0:0:0:1");
        if (!here || call.getHeaderString("Origin") != null) {
            return refused(403, "without edge.admin.token only programs of this machine may call");
        }
        return Optional.empty();
    }

    private static Optional<Response> refused(int status, String reason) {
        return Optional.of(Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("error", reason))
                .build());
    }
}
