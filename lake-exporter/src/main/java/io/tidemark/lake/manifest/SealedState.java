package io.tidemark.lake.manifest;

import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakeManifest;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

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

    /** The state after the next generation. Throws {@link IllegalArgumentException} where it does not follow. */
    SealedState then(LakeManifest next) {
        if (next.generation() != generation + 1) {
            throw new IllegalArgumentException(
                    "it says generation " + next.generation() + ", expected " + (generation + 1));
        }
        if (!next.previous().equals(hash)) {
            throw new IllegalArgumentException(
                    "it follows " + next.previous() + ", not generation " + generation + ", whose hash is " + hash);
        }
        TreeMap<String, LakeFile> files = new TreeMap<>(byPath);
        for (String path : next.removed()) {
            if (files.remove(path) == null) {
                throw new IllegalArgumentException("it removes " + path + ", which was not there");
            }
        }
        for (LakeFile file : next.added()) {
            if (files.put(file.path(), file) != null) {
                throw new IllegalArgumentException("it adds " + file.path() + ", which was there already");
            }
        }
        return new SealedState(next.generation(), next.hash(), Collections.unmodifiableSortedMap(files));
    }
}
