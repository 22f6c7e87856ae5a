package io.tidemark.edge.command;

import io.tidemark.edge.admin.FeedsResource;
import io.tidemark.edge.feed.FeedsSettings;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/** The settings read again from where the service got them at its start. */
@Singleton
final class FileSettings implements FeedsResource.Source {
    @Override
    public List<String> mistakes(Map<String, String> overrides) {
        return SettingsLoader.mistakes(overrides);
    }

    @Override
    public FeedsSettings feeds(Map<String, String> overrides) {
        return SettingsLoader.feeds(overrides);
    }
}
