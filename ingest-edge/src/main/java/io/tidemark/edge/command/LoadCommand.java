package io.tidemark.edge.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.config.SmallRyeConfig;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.failure.StartFailure;
import io.tidemark.edge.feed.FeedsSettings;
import io.tidemark.edge.forward.ForwardSettings;
import io.tidemark.edge.load.FileLoad;
import io.tidemark.edge.load.FileReport;
import io.tidemark.edge.load.LoadFailure;
import io.tidemark.edge.load.LoadFormat;
import io.tidemark.edge.load.LoadOptions;
import io.tidemark.edge.log.LogSettings;
import io.tidemark.edge.pipeline.EdgeSettings;
import io.tidemark.edge.pipeline.HistoryLoad;
import io.tidemark.edge.poll.Numbers;
import io.tidemark.edge.poll.PollsSettings;
import io.tidemark.edge.rate.RateSettings;
import io.tidemark.edge.segment.SegmentSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code load}: histories from files into the data folder of an edge that does not run.
 *
 * <p>Exit codes: 0 all records are loaded, 1 it failed, 2 wrong usage or settings, 3 loaded, but some records were
 * refused.
 */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Loads bars, options, fundamentals and news from files: into the log, from there to Kafka and segments.",
            "Each file is known by its SHA-256 and loaded once; a load that was killed goes on where it was."
        },
        footer = "Exit codes: 0 all loaded, 1 failed, 2 usage or settings, 3 loaded, but records were refused.")
final class LoadCommand implements Callable<Integer> {
    private static final int REFUSED = 3;
    private static final int SHOWN_REJECTS = 20;
    private static final Pattern SOURCE = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final Pattern SYMBOL = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "What to load; .gz is unpacked.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--source",
            required = true,
            description = "The source's name in every event and path; a name that no feed has.")
    private String source = "";

    @Option(
            names = "--format",
            description = "csv, parquet, json-arrays (bars, as freqtrade and Kraken write them), lean-crypto, "
                    + "lean-equity, lean-option (zips of bars), lean-universe, yahoo-options, sec-facts, yahoo-news, "
                    + "sec-submissions. Names ending .csv, .csv.gz and .parquet need none.")
    private String format = "";

    @Option(names = "--symbol", description = "The instrument, BASE-QUOTE for crypto; for bars where no file says it.")
    private String symbol = "";

    @Option(names = "--timeframe", description = "Of bars: 1m, 1h, 1d …")
    private String timeframe = "";

    @Option(names = "--vendor", description = "Of bars; the source unless set.")
    private String vendor = "";

    @Option(
            names = "--map",
            split = ",",
            paramLabel = "FIELD=COLUMN",
            description = "Columns of a table: time, open, high, low, close, volume, trades, quote-volume; by name or "
                    + "by number from 0. The usual names need none.")
    private Map<String, String> map = new LinkedHashMap<>();

    @Option(names = "--time-unit", description = "Of times that are whole numbers: s, ms, us, ns.")
    private String timeUnit = "";

    @Option(
            names = "--time-format",
            description = "Of times that are texts, such as \"dd.MM.yyyy HH:mm\"; else ISO 8601.")
    private String timeFormat = "";

    @Option(names = "--zone", description = "Of times that do not say theirs, such as America/New_York; else UTC.")
    private String zone = "";

    @Option(names = "--date", description = "The day of a chain (lean-universe) whose file name does not hold it.")
    private String date = "";

    @Option(names = "--path", description = "The way to the rows of json-arrays, such as result.XBTUSDT.")
    private String path = "";

    @Option(names = "--delimiter", description = "Of csv (default: comma).")
    private char delimiter = ',';

    @Option(names = "--no-header", description = "The first line of csv is a row: columns go by number.")
    private boolean noHeader;

    @Option(
            names = "--on-bad-number",
            description =
                    "A number of more than 18 decimals: reject (default) refuses its record, round rounds half-even "
                            + "and marks the record.")
    private String onBadNumber = "reject";

    @Option(names = "--settings", description = "The edge's settings file.")
    private @Nullable Path settings;

    @Option(names = "--data-dir", description = "In place of edge.data-dir.")
    private @Nullable Path dataDir;

    @Option(names = "--edge", description = "In place of edge.name.")
    private String edge = "";

    @Option(names = "--no-kafka", description = "The records go to Kafka later, when the edge runs.")
    private boolean noKafka;

    @Option(names = "--dry-run", description = "Reads and checks the files only.")
    private boolean dryRun;

    @Option(names = "--json", description = "Prints the summary as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        // Without the framework everything would be logged, down to each column.
        Logger.getLogger("").setLevel(Level.WARNING);
        SmallRyeConfig config = null;
        Map<String, String> overrides = overrides();
        if (!dryRun) {
            List<String> mistakes = SettingsLoader.mistakes(overrides);
            if (!mistakes.isEmpty()) {
                mistakes.forEach(line -> System.err.println("load: " + line));
                return StartFailure.SETTINGS;
            }
            config = SettingsLoader.config(overrides);
            checkSource(config);
        }
        LoadOptions options = options();
        try {
            return load(options, config);
        } catch (LoadFailure e) {
            System.err.println("load: " + e.getMessage());
        } catch (IOException | RuntimeException e) {
            System.err.println("load: " + StartFailure.explain(e).replace("\n", "\nload: "));
        }
        return StartFailure.OTHER;
    }

    private Map<String, String> overrides() {
        Map<String, String> overrides = new HashMap<>(Map.of("edge.connect", "false"));
        if (settings != null) {
            System.setProperty("quarkus.config.locations", settings.toString());
        }
        if (dataDir != null) {
            overrides.put("edge.data-dir", dataDir.toString());
        }
        if (!edge.isEmpty()) {
            overrides.put("edge.name", edge);
        }
        return overrides;
    }

    private void checkSource(SmallRyeConfig config) {
        boolean feed = config.getConfigMapping(FeedsSettings.class).feeds().containsKey(source);
        boolean poll = config.getConfigMapping(PollsSettings.class).polls().containsKey(source);
        if (feed || poll) {
            throw usage("--source: " + source + " is recorded live by this edge (edge." + (feed ? "feeds." : "polls.")
                    + source + "); a history has a source of its own, such as " + source + "-history");
        }
    }

    private CommandLine.ParameterException usage(String message) {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException(message);
        }
        return new CommandLine.ParameterException(known.commandLine(), message);
    }

    private LoadOptions options() {
        if (!SOURCE.matcher(source).matches()) {
            throw usage("--source: \"" + source + "\" may only have small letters, digits and dashes");
        }
        LoadFormat shape = format();
        if (!symbol.isEmpty() && !SYMBOL.matcher(symbol).matches()) {
            throw usage("--symbol: \"" + symbol + "\" may only have letters, digits, dots, dashes and underscores");
        }
        if (!timeframe.isEmpty() && !Channel.INTERVAL.matcher(timeframe).matches()) {
            throw usage("--timeframe: \"" + timeframe + "\" is none, such as 1m, 4h, 1d");
        }
        boolean table = shape == LoadFormat.CSV || shape == LoadFormat.PARQUET || shape == LoadFormat.JSON_ARRAYS;
        if (table && (symbol.isEmpty() || timeframe.isEmpty())) {
            throw usage("--symbol and --timeframe must say of what the bars of a " + shape.label() + " file are");
        }
        for (String field : map.keySet()) {
            if (!FileLoad.isField(field)) {
                throw usage("--map: \"" + field + "\" is no field of a bar (time, open, high, low, close, volume, "
                        + "trades, quote-volume)");
            }
        }
        Numbers.Rule rule = Numbers.Rule.of(onBadNumber)
                .orElseThrow(() -> usage("--on-bad-number: \"" + onBadNumber + "\" is neither reject nor round"));
        String unit = timeUnit.isEmpty() && shape == LoadFormat.JSON_ARRAYS && timeFormat.isEmpty() ? "ms" : timeUnit;
        if (!List.of("", "s", "ms", "us", "ns").contains(unit)) {
            throw usage("--time-unit: \"" + unit + "\" is none of s, ms, us, ns");
        }
        return new LoadOptions(
                source,
                shape,
                symbol,
                timeframe,
                vendor.isEmpty() ? source : vendor,
                Map.copyOf(map),
                unit,
                timeFormat,
                zone(),
                date,
                path,
                delimiter,
                !noHeader,
                rule);
    }

    private Optional<ZoneId> zone() {
        try {
            return zone.isEmpty() ? Optional.empty() : Optional.of(ZoneId.of(zone));
        } catch (DateTimeException e) {
            throw usage("--zone: \"" + zone + "\" is none, such as UTC or America/New_York");
        }
    }

    private LoadFormat format() {
        if (!format.isEmpty()) {
            if (format.equals("feather") || format.equals("arrow")) {
                throw usage("--format: the edge has no library for Arrow files; write it as Parquet or CSV first");
            }
            return LoadFormat.of(format)
                    .orElseThrow(() ->
                            usage("--format: \"" + format + "\" is none of " + String.join(", ", LoadFormat.labels())));
        }
        String name = files.get(0).getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".parquet")) {
            return LoadFormat.PARQUET;
        }
        if (name.endsWith(".csv") || name.endsWith(".csv.gz")) {
            return LoadFormat.CSV;
        }
        if (name.endsWith(".feather") || name.endsWith(".arrow")) {
            throw usage(files.get(0) + ": the edge has no library for Arrow files; write it as Parquet or CSV first");
        }
        throw usage("--format must say what " + files.get(0) + " is: " + String.join(", ", LoadFormat.labels()));
    }

    private int load(LoadOptions options, @Nullable SmallRyeConfig config) throws IOException, LoadFailure {
        Map<Path, FileLoad.Survey> surveys = new LinkedHashMap<>();
        long refused = 0;
        for (Path file : files) {
            FileLoad.Survey survey = FileLoad.survey(file, options, SHOWN_REJECTS);
            surveys.put(file, survey);
            refused += survey.rejectedInAll();
            tell(survey);
        }
        List<FileReport> reports = new ArrayList<>();
        HistoryLoad.Outcome outcome = null;
        if (config == null) {
            surveys.forEach((file, survey) -> reports.add(new FileReport(
                    file.toString(),
                    survey.sha256(),
                    survey.records(),
                    0,
                    survey.rejectedInAll(),
                    survey.rounded(),
                    false)));
        } else {
            outcome = run(surveys, options, config);
            reports.addAll(outcome.files());
        }
        summary(reports, outcome);
        return refused > 0 ? REFUSED : 0;
    }

    private HistoryLoad.Outcome run(Map<Path, FileLoad.Survey> surveys, LoadOptions options, SmallRyeConfig config)
            throws IOException, LoadFailure {
        HistoryLoad load = new HistoryLoad(
                config.getConfigMapping(EdgeSettings.class),
                config.getConfigMapping(LogSettings.class),
                config.getConfigMapping(SegmentSettings.class),
                config.getConfigMapping(ForwardSettings.class),
                config.getConfigMapping(RateSettings.class));
        return load.run(surveys, options, !noKafka, new HistoryLoad.Progress() {
            @Override
            public void file(Path file, long records, long ofRecords) {
                System.err.printf("%s: %,d of %,d records%n", file, records, ofRecords);
            }

            @Override
            public void step(String what) {
                System.err.println(what + " …");
            }
        });
    }

    private static void tell(FileLoad.Survey survey) {
        for (FileLoad.Rejected one : survey.rejected()) {
            System.err.println(one.file() + ": " + one.position() + ": " + one.detail() + " (" + one.reason() + ")");
        }
        long more = survey.rejectedInAll() - survey.rejected().size();
        if (more > 0) {
            System.err.printf("… and %,d more%n", more);
        }
    }

    private void summary(List<FileReport> reports, HistoryLoad.@Nullable Outcome outcome) throws IOException {
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("source", source);
            all.put("dry_run", dryRun);
            List<Map<String, Object>> shown = new ArrayList<>();
            for (FileReport report : reports) {
                Map<String, Object> file = new LinkedHashMap<>();
                file.put("file", report.file());
                file.put("sha256", report.sha256());
                file.put("records", report.records());
                file.put("loaded", report.loaded());
                file.put("rejected", report.rejected());
                file.put("rounded", report.rounded());
                file.put("already_loaded", report.already());
                shown.add(file);
            }
            all.put("files", shown);
            all.put("records", reports.stream().mapToLong(FileReport::records).sum());
            all.put("loaded", reports.stream().mapToLong(FileReport::loaded).sum());
            all.put("rejected", reports.stream().mapToLong(FileReport::rejected).sum());
            all.put("rounded", reports.stream().mapToLong(FileReport::rounded).sum());
            if (outcome != null) {
                all.put("segments", outcome.segments());
                if (noKafka) {
                    all.put("kafka", "later");
                } else {
                    all.put("kafka_acknowledged", outcome.acknowledged());
                    all.put("kafka_pending", outcome.pending());
                }
            }
            System.out.println(
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all));
            return;
        }
        for (FileReport report : reports) {
            String what = report.already()
                    ? "was loaded already"
                    : dryRun ? "can be loaded" : String.format("%,d loaded now", report.loaded());
            System.out.printf(
                    "%s: %,d records, %s%s%s%n",
                    report.file(),
                    report.records(),
                    what,
                    report.rejected() == 0 ? "" : String.format(", %,d refused", report.rejected()),
                    report.rounded() == 0 ? "" : String.format(", %,d rounded", report.rounded()));
        }
        if (outcome != null && outcome.pending() > 0) {
            System.out.printf("%,d records go to Kafka when the edge runs%n", outcome.pending());
        }
    }
}
