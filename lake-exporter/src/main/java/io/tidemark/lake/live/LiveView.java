package io.tidemark.lake.live;

import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.lake.events.SeenIdentities;
import io.tidemark.lake.manifest.SealedState;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What others may read of the tail. Called from many threads.
 *
 * <p>An event is never both sealed and in the tail: where a generation is newer than what the tail was compared
 * with, files that may hold sealed events are left out until they were looked through, a second or so.
 */
@Singleton
public final class LiveView {
    private volatile Snapshot published = Snapshot.NONE;

    /** The tail at one moment. Take it before the sealed state that it is read beside. */
    public static final class Snapshot {
        static final Snapshot NONE = new Snapshot(
                LiveState.EMPTY,
                files -> new SeenIdentities(List.of(), file -> {
                    throw new java.io.IOException(file.path() + " is not to be opened");
                }));

        private final LiveState state;
        private final Function<List<LakeFile>, SeenIdentities> identities;

        Snapshot(LiveState state, Function<List<LakeFile>, SeenIdentities> identities) {
            this.state = state;
            this.identities = identities;
        }

        /** Changes whenever the files do; 0 where no tail is kept. */
        public long version() {
            return state.commit();
        }

        /** The files to be read beside a sealed state. */
        public List<LakeFile> files(SealedState sealed) {
            if (state.generation() >= sealed.generation()) {
                return state.files();
            }
            Map<String, SeenIdentities> bySymbol = new HashMap<>();
            return state.files().stream()
                    .filter(file -> !LiveWriter.touches(
                            bySymbol.computeIfAbsent(
                                    file.source() + "\n" + file.symbol(),
                                    name -> identities.apply(sealed.files(file.source(), file.symbol()))),
                            file))
                    .toList();
        }
    }

    void publish(Snapshot snapshot) {
        published = snapshot;
    }

    public Snapshot snapshot() {
        return published;
    }
}
