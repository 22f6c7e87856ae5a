package io.tidemark.lake.manifest;

import io.tidemark.contracts.lake.LakeFile;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * The event lake as of one generation. Immutable.
 *
 * @param generation 0 for a lake without any
 * @param hash of that generation; empty for none
 * @param byPath the sealed files by their path, relative to the tenant's root
 */
public record SealedState(long generation, String hash, java.util.SortedMap<String, LakeFile> byPath) {
    static final SealedState EMPTY = new SealedState(0, "", Collections.emptySortedMap());

    /** All sealed files, sorted by path. */
    public Collection<LakeFile> files() {
        return byPath.values();
    }

    /** The files of a source and symbol, sorted by path: by hour, and in it by first event. */
    public List<LakeFile> files(String source, String symbol) {
        return files().stream()
                .filter(file -> file.source().equals(source) && file.symbol().equals(symbol))
                .toList();
    }

    /** The files of a source, symbol and event hour that hold anything of a channel. */
    public List<LakeFile> files(String source, String symbol, Instant hour, String channel) {
        return files(source, symbol).stream()
                .filter(file -> file.hour().equals(hour) && file.channels().containsKey(channel))
                .toList();
    }

    public long rows() {
        return files().stream().mapToLong(LakeFile::rows).sum();
    }

    /** The sealed files that a question asks for, sorted by path. */
    public List<LakeFile> files(FileQuery query) {
        return files().stream().filter(query::matches).toList();
    }
}
