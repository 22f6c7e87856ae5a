package io.tidemark.sync;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tidemark.sync");

    @Test
    void featuresFormNoCycles() {
        slices().matching("io.tidemark.sync.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyContractsAreShared() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tidemark.edge..",
                        "io.tidemark.store..",
                        "io.tidemark.lake..",
                        "io.tidemark.contracts.files..")
                .check(CLASSES);
    }

    @Test
    void onlyTheLoopAndTheCommandsKnowTheFramework() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tidemark.sync.loop..", "io.tidemark.sync.command..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "io.smallrye..", "jakarta..", "picocli..", "io.micrometer..")
                .check(CLASSES);
    }
}
