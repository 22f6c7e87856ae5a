package io.tidemark.edge.command;

import io.tidemark.contracts.failure.StartFailure;
import io.tidemark.edge.check.FolderCheck;
import io.tidemark.edge.check.FolderRepair;
import io.tidemark.edge.log.LogSettings;
import io.tidemark.edge.segment.SegmentSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a damaged folder whole. Exit code 0 when it verifies afterwards. */
@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a data folder whole again: cuts torn ends, closes damaged places, quarantines what cannot be read,",
            "converts logs and writes manifests again. Says what it did and what is lost. The edge must be stopped."
        })
final class RepairCommand implements Callable<Integer> {
    @Option(names = "--data-dir", description = "The edge's data folder (default: edge.data-dir of the settings).")
    private @Nullable Path dataDir;

    @Override
    public Integer call() {
        Path folder = (dataDir == null ? SettingsLoader.dataDir() : dataDir)
                .toAbsolutePath()
                .normalize();
        try {
            FolderRepair.Report report = FolderRepair.run(
                    folder,
                    SettingsLoader.of(LogSettings.class),
                    SettingsLoader.of(SegmentSettings.class),
                    InstantSource.system());
            report.done().forEach(System.out::println);
            report.lost().forEach(one -> System.out.println("LOST: " + one));
            FolderCheck.Report after = FolderCheck.run(folder);
            System.out.println(VerifyCommand.text(folder, after));
            return after.faults().isEmpty() ? 0 : StartFailure.OTHER;
        } catch (IOException e) {
            System.err.println("ingest-edge: " + StartFailure.explain(e));
            return StartFailure.OTHER;
        }
    }
}
