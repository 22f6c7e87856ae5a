package io.tidemark.store.admin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Who may look into the writer and change it while it runs. */
@ConfigMapping(prefix = "store.admin")
public interface AdminSettings {
    /** Whether there are admin endpoints at all. */
    @WithDefault("true")
    boolean enabled();

    /**
     * What calls of {@code /admin} must bring as a bearer token; without one only programs of this machine may
     * call, and the writer does not start when it listens on other addresses. Environment: STORE_ADMIN_TOKEN.
     */
    Optional<String> token();

    /** A file whose first line is the token. */
    Optional<Path> tokenFile();
}
