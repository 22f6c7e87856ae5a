package io.tidemark.edge.admin;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Who may change something while the edge runs. */
@ConfigMapping(prefix = "edge.admin")
public interface AdminSettings {
    /** What calls of {@code /admin} must bring as a bearer token; without one only this machine may call. */
    Optional<String> token();

    /** A file whose first line is the token. */
    Optional<Path> tokenFile();
}
