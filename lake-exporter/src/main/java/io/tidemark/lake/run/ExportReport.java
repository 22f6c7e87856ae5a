package io.tidemark.lake.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an export did.
 *
 * @param generation the last one, new or not
 * @param sealed whether this run committed it
 * @param inputs raw files read, or to be read in a dry run
 * @param inputRows rows in them
 * @param rows new in the lake
 * @param repeats left out because they were there already
 * @param outside left out because they lie outside the asked range
 * @param consumedBefore raw files that earlier generations hold
 * @param incomplete raw files of hours that are not complete
 * @param leftovers of a killed export, removed
 * @param damaged raw files that were skipped, each with the reason
 */
public record ExportReport(
        long generation,
        boolean sealed,
        boolean dryRun,
        int inputs,
        long inputRows,
        long rows,
        long repeats,
        long outside,
        int files,
        int hours,
        long bytes,
        int consumedBefore,
        int incomplete,
        int leftovers,
        List<String> damaged,
        List<String> notes) {

    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("generation", generation);
        map.put("sealed", sealed);
        map.put("dry_run", dryRun);
        map.put("inputs", inputs);
        map.put("input_rows", inputRows);
        map.put("rows", rows);
        map.put("repeats", repeats);
        map.put("outside", outside);
        map.put("files", files);
        map.put("hours", hours);
        map.put("bytes", bytes);
        map.put("consumed_before", consumedBefore);
        map.put("incomplete", incomplete);
        map.put("leftovers", leftovers);
        map.put("damaged", damaged);
        map.put("notes", notes);
        return map;
    }

    /** One sentence. */
    public String sentence() {
        if (dryRun) {
            return "would read " + inputs + " raw files with " + inputRows + " rows" + left();
        }
        if (!sealed) {
            return "nothing new to seal; the lake stays at generation " + generation + left();
        }
        return "sealed generation " + generation + ": " + rows + " events of " + inputs + " raw files in " + files
                + " files of " + hours + " event hours" + (repeats > 0 ? ", " + repeats + " repeats left out" : "")
                + (outside > 0 ? ", " + outside + " outside the range" : "") + left();
    }

    private String left() {
        return incomplete == 0 ? "" : "; " + incomplete + " raw files of incomplete hours were left";
    }
}
