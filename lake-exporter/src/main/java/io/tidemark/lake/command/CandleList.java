package io.tidemark.lake.command;

import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.lake.corpus.SealedCorpus;
import io.tidemark.lake.parquet.CandlePart;
import io.tidemark.lake.run.RunManifest;
import io.tidemark.lake.run.SealedRuns;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lists sealed runs and corpora, a line each. */
final class CandleList {
    private CandleList() {}

    static void print(Path tenantRoot, boolean runs, boolean corpora, boolean json, PrintWriter out)
            throws IOException {
        Map<String, Object> report = new TreeMap<>();
        if (runs) {
            List<Map<String, Object>> lines = new ArrayList<>();
            SealedRuns sealed = new SealedRuns(tenantRoot);
            for (String id : sealed.ids()) {
                RunManifest run = sealed.get(id);
                lines.add(line("run_id", id, run.parts(), run.hash()));
            }
            report.put("runs", lines);
        }
        if (corpora) {
            List<Map<String, Object>> lines = new ArrayList<>();
            for (String name : SealedCorpus.names(tenantRoot)) {
                SealedCorpus corpus = SealedCorpus.read(tenantRoot, name);
                lines.add(line("corpus", name, corpus.parts(), corpus.hash()));
            }
            report.put("corpora", lines);
        }
        if (json) {
            out.println(CanonicalJson.text(report));
            return;
        }
        for (Object lines : report.values()) {
            for (Object line : (List<?>) lines) {
                Map<?, ?> fields = (Map<?, ?>) line;
                out.printf(
                        "%12s rows %14s bytes %5s parts  %s%n",
                        fields.get("rows"), fields.get("bytes"), fields.get("parts"), fields.get("name"));
            }
        }
    }

    private static Map<String, Object> line(String kind, String name, List<CandlePart> parts, String hash) {
        Map<String, Object> line = new TreeMap<>();
        line.put("kind", kind.equals("corpus") ? "corpus" : "run");
        line.put("name", name);
        line.put("hash", hash);
        line.put("parts", (long) parts.size());
        line.put("rows", parts.stream().mapToLong(CandlePart::rows).sum());
        line.put("bytes", parts.stream().mapToLong(CandlePart::bytes).sum());
        return line;
    }
}
