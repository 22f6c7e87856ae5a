package io.tidemark.lake.events;

import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakeFile.StreamRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells which events of one source and symbol are new: neither in the files of a lake nor seen before in this run.
 *
 * <p>What the manifests say decides nearly always. Only where a file holds some sequences of a range and another
 * holds the rest, the file's identities are read, once. Used by one thread.
 */
public final class SeenIdentities {
    private record Uncertain(long first, long last, LakeFile file) {}

    private final SealedFileOpener opener;
    private final Map<StreamKey, SequenceSet> seen = new HashMap<>();
    private final Map<StreamKey, List<Uncertain>> uncertain = new HashMap<>();
    private final Set<String> loaded = new HashSet<>();

    /** Opens a sealed file, wherever it lies. */
    @FunctionalInterface
    public interface SealedFileOpener {
        EventFileReader openIdentities(LakeFile file) throws IOException;
    }

    /** @param sealed the files of this source and symbol */
    public SeenIdentities(List<LakeFile> sealed, SealedFileOpener opener) {
        this.opener = opener;
        for (LakeFile file : sealed) {
            for (StreamRange range : file.streams()) {
                StreamKey stream =
                        new StreamKey(range.edge(), range.incarnation(), file.source(), range.channel(), file.symbol());
                if (range.isExact()) {
                    set(stream).addRange(range.first(), range.last());
                } else {
                    uncertain
                            .computeIfAbsent(stream, key -> new ArrayList<>())
                            .add(new Uncertain(range.first(), range.last(), file));
                }
            }
        }
    }

    private SequenceSet set(StreamKey stream) {
        return seen.computeIfAbsent(stream, key -> new SequenceSet());
    }

    /** Remembers the event; false where it is a repeat. */
    public boolean add(StreamKey stream, long sequence) throws IOException {
        return !contains(stream, sequence) && set(stream).add(sequence);
    }

    /** Whether the files, or what was added, have the event. */
    public boolean contains(StreamKey stream, long sequence) throws IOException {
        SequenceSet known = set(stream);
        if (known.contains(sequence)) {
            return true;
        }
        List<Uncertain> open = uncertain.get(stream);
        if (open != null) {
            for (Uncertain range : List.copyOf(open)) {
                if (range.first() <= sequence && sequence <= range.last()) {
                    load(range.file());
                    open.remove(range);
                }
            }
        }
        return known.contains(sequence);
    }

    /** Whether all of a range is surely there, as far as the manifests tell without opening a file. */
    public boolean surelyHas(StreamKey stream, long first, long last) {
        return set(stream).containsAll(first, last);
    }

    /** Whether any of a range may be there, as far as the manifests tell without opening a file. */
    public boolean mayHave(StreamKey stream, long first, long last) {
        return set(stream).containsAny(first, last)
                || uncertain.getOrDefault(stream, List.of()).stream()
                        .anyMatch(range -> range.first() <= last && range.last() >= first);
    }

    private void load(LakeFile file) throws IOException {
        if (!loaded.add(file.path())) {
            return;
        }
        try (EventFileReader reader = opener.openIdentities(file)) {
            for (Identity name = reader.nextIdentity(); name != null; name = reader.nextIdentity()) {
                set(new StreamKey(name.edge(), name.incarnation(), name.source(), name.channel(), name.symbol()))
                        .add(name.sequence());
            }
        }
    }

    int filesRead() {
        return loaded.size();
    }
}
