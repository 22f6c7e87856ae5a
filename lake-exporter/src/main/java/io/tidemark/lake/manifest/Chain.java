package io.tidemark.lake.manifest;

import io.tidemark.contracts.lake.LakeCheckpoint;
import io.tidemark.contracts.lake.LakeFile;
import io.tidemark.contracts.lake.LakeManifest;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/** The state while generation after generation is put on it; not thread-safe. */
final class Chain {
    private final TreeMap<String, LakeFile> files;
    private long generation;
    private String hash;

    Chain(SealedState from) {
        files = new TreeMap<>(from.byPath());
        generation = from.generation();
        hash = from.hash();
    }

    /** Throws {@link IllegalArgumentException} where a checkpoint names a file twice. */
    static Chain of(LakeCheckpoint checkpoint) {
        Chain chain = new Chain(SealedState.EMPTY);
        for (LakeFile file : checkpoint.files()) {
            if (chain.files.put(file.path(), file) != null) {
                throw new IllegalArgumentException("it names " + file.path() + " twice");
            }
        }
        chain.generation = checkpoint.generation();
        chain.hash = checkpoint.hash();
        return chain;
    }

    long generation() {
        return generation;
    }

    /** Sorted by path. */
    List<LakeFile> files() {
        return List.copyOf(files.values());
    }

    /** Throws {@link IllegalArgumentException} where it does not follow. */
    void add(LakeManifest next, String nextHash) {
        if (next.generation() != generation + 1) {
            throw new IllegalArgumentException(
                    "it says generation " + next.generation() + ", expected " + (generation + 1));
        }
        if (!next.previous().equals(hash)) {
            throw new IllegalArgumentException(
                    "it follows " + next.previous() + ", not generation " + generation + ", whose hash is " + hash);
        }
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
        generation = next.generation();
        hash = nextHash;
    }

    /** Ends the use of this chain. */
    SealedState freeze() {
        return new SealedState(generation, hash, Collections.unmodifiableSortedMap(files));
    }
}
