package io.tidemark.lake.live;

import io.tidemark.contracts.json.JsonFields;
import io.tidemark.contracts.json.SelfHash;
import io.tidemark.contracts.lake.LakeFile;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tail as of one commit: its files, and the offsets up to which everything is in them or sealed. Immutable.
 *
 * @param commit number of the commit, from 1
 * @param epoch rises with each process that keeps the tail
 * @param generation of the sealed lake whose events are no longer in the files
 * @param files sorted by path
 * @param offsets the next one, by {@code <topic>-<partition>}
 */
record LiveState(long commit, long epoch, long generation, List<LakeFile> files, Map<String, Long> offsets) {
    static final int VERSION = 1;
    static final LiveState EMPTY = new LiveState(0, 0, 0, List.of(), Map.of());

    LiveState {
        files = files.stream().sorted(Comparator.comparing(LakeFile::path)).toList();
        offsets = Map.copyOf(offsets);
    }

    long rows() {
        return files.stream().mapToLong(LakeFile::rows).sum();
    }

    byte[] toBytes() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("commit", commit);
        document.put("epoch", epoch);
        document.put("generation", generation);
        document.put("files", files.stream().map(LakeFile::toMap).toList());
        document.put("offsets", offsets);
        return SelfHash.seal(document);
    }

    /** Throws {@link IllegalArgumentException} saying what is wrong. */
    static LiveState parse(byte[] bytes) {
        JsonFields fields = SelfHash.open(bytes);
        if (fields.number("version") != VERSION) {
            throw new IllegalArgumentException("a live state of version " + fields.number("version"));
        }
        JsonFields offsets = fields.object("offsets");
        Map<String, Long> next = new TreeMap<>();
        offsets.map().keySet().forEach(partition -> next.put(partition, offsets.count(partition)));
        return new LiveState(
                fields.count("commit"),
                fields.count("epoch"),
                fields.count("generation"),
                fields.objects("files").stream().map(LakeFile::of).toList(),
                next);
    }
}
