package io.tidemark.lake.run;

import io.tidemark.lake.parquet.CandlePart;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What differs between two runs: what was asked for, what was read, and which buckets hold other rows. */
public final class RunDiff {
    private RunDiff() {}

    /** A sentence for each difference, in a fixed order; empty for runs that are the same. */
    public static List<String> between(RunManifest left, RunManifest right) {
        List<String> differences = new ArrayList<>();
        compare("configuration", left.configuration(), right.configuration(), differences);
        compare("inputs", left.inputs(), right.inputs(), differences);
        compare("writer", left.writer(), right.writer(), differences);
        Map<String, CandlePart> leftParts = byPath(left);
        Map<String, CandlePart> rightParts = byPath(right);
        TreeSet<String> paths = new TreeSet<>(leftParts.keySet());
        paths.addAll(rightParts.keySet());
        for (String path : paths) {
            CandlePart one = leftParts.get(path);
            CandlePart other = rightParts.get(path);
            if (one == null || other == null) {
                CandlePart only = one == null ? Objects.requireNonNull(other) : one;
                differences.add(
                        path + ": only in the " + (one == null ? "second" : "first") + ", " + only.rows() + " rows");
            } else if (!one.rowHash().equals(other.rowHash())) {
                differences.add(path + ": other rows, " + one.rows() + " and " + other.rows());
            } else if (!one.sha256().equals(other.sha256())) {
                differences.add(path + ": the same rows in other bytes");
            }
        }
        for (RunManifest.OtherFile file : left.files()) {
            boolean same = right.files().stream()
                    .anyMatch(other ->
                            other.path().equals(file.path()) && other.sha256().equals(file.sha256()));
            if (!same) {
                differences.add(file.path() + ": differs");
            }
        }
        right.files().stream()
                .filter(file ->
                        left.files().stream().noneMatch(other -> other.path().equals(file.path())))
                .forEach(file -> differences.add(file.path() + ": only in the second"));
        return differences;
    }

    private static void compare(String what, Map<String, ?> left, Map<String, ?> right, List<String> differences) {
        TreeMap<String, Object> all = new TreeMap<>(left);
        all.putAll(right);
        for (String key : all.keySet()) {
            if (!Objects.equals(left.get(key), right.get(key))) {
                differences.add(what + " " + key + ": " + left.get(key) + " and " + right.get(key));
            }
        }
    }

    private static Map<String, CandlePart> byPath(RunManifest run) {
        return run.parts().stream().collect(Collectors.toMap(CandlePart::path, Function.identity()));
    }
}
