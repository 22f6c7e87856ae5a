package io.tidemark.edge.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.contracts.failure.StartFailure;
import io.tidemark.edge.check.FolderCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads everything and names each fault. Exit code 1 when there is one. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Proves every log, segment, manifest and receipt of a data folder: checksums, footers, hashes, and that",
            "each sequence of each stream is there once. Changes nothing, and may run beside the edge."
        })
final class VerifyCommand implements Callable<Integer> {
    @Option(names = "--data-dir", description = "The edge's data folder (default: edge.data-dir of the settings).")
    private @Nullable Path dataDir;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Path folder = (dataDir == null ? SettingsLoader.dataDir() : dataDir)
                .toAbsolutePath()
                .normalize();
        try {
            FolderCheck.Report report = FolderCheck.run(folder);
            System.out.println(json ? json(report) : text(folder, report));
            return report.faults().isEmpty() ? 0 : StartFailure.OTHER;
        } catch (IOException e) {
            System.err.println("ingest-edge: " + StartFailure.explain(e));
            return StartFailure.OTHER;
        }
    }

    static String text(Path folder, FolderCheck.Report report) {
        StringBuilder out = new StringBuilder();
        report.faults().forEach(fault -> out.append(fault).append('\n'));
        out.append(String.format(
                "%s: %d logs with %,d records, %d segments with %,d rows",
                folder, report.logs(), report.logRecords(), report.segments(), report.segmentRows()));
        if (report.atTarget() > 0) {
            out.append(String.format(", %d segments at the target only", report.atTarget()));
        }
        if (report.lost() > 0) {
            out.append(String.format(", %,d events known to be lost", report.lost()));
        }
        out.append(report.live() ? "; an edge works in it" : "");
        return out.append(": ")
                .append(report.faults().isEmpty() ? "no fault" : report.faults().size() + " faults")
                .toString();
    }

    private static String json(FolderCheck.Report report) throws JsonProcessingException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("live", report.live());
        all.put("logs", report.logs());
        all.put("log_records", report.logRecords());
        all.put("segments", report.segments());
        all.put("segment_rows", report.segmentRows());
        all.put("segments_at_target", report.atTarget());
        all.put("known_losses", report.lost());
        all.put(
                "faults",
                report.faults().stream()
                        .map(fault -> Map.of("file", fault.file(), "place", fault.place(), "problem", fault.problem()))
                        .toList());
        return new ObjectMapper().writeValueAsString(all);
    }
}
