package io.tidemark.lake.command;

import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.run.LakeSettings;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which lake a command works on; what is not given comes from the settings. */
final class LakeOptions {
    @Option(names = "--lake", paramLabel = "DIR", description = "The lake's root folder (lake.root).")
    private @Nullable String lake;

    @Option(names = "--tenant", paramLabel = "NAME", description = "Whose lake (lake.tenant).")
    private @Nullable String tenant;

    /** Throws {@link SettingsLoader.Mistakes}. */
    LakeSettings settings() {
        return SettingsLoader.load(overrides());
    }

    /** The settings of a feature beside it. Throws {@link SettingsLoader.Mistakes}. */
    <T> T settings(Class<T> feature) {
        return SettingsLoader.load(overrides(), feature);
    }

    /** The same for a lake that must be there. Throws {@link NoSuchFileException} naming it otherwise. */
    LakeSettings settingsOfExisting() throws NoSuchFileException {
        LakeSettings settings = settings();
        Path folder = LakePath.tenantRoot(settings.root(), settings.tenant());
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder + ": there is no lake");
        }
        return settings;
    }

    Map<String, String> overrides() {
        Map<String, String> overrides = new LinkedHashMap<>();
        if (lake != null) {
            overrides.put("lake.root", lake);
        }
        if (tenant != null) {
            overrides.put("lake.tenant", tenant);
        }
        return overrides;
    }

    /** Lets the service see what was given here. */
    void publish() {
        overrides().forEach(System::setProperty);
    }
}
