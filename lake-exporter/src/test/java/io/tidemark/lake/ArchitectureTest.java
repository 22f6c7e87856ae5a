package io.tidemark.lake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tidemark.lake");

    @Test
    void featuresFormNoCycles() {
        slices().matching("io.tidemark.lake.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheEndpointKnowsArrowAndDuckDb() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tidemark.lake.flight..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.arrow..", "org.duckdb..", "io.grpc..")
                .check(CLASSES);
    }

    @Test
    void onlyTheEndpointAndTheCandleSourcesKnowDatabases() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tidemark.lake.flight..", "io.tidemark.lake.source..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.postgresql..")
                .check(CLASSES);
    }

    @Test
    void parquetIsTheContractsBusiness() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.parquet..", "org.apache.hadoop..")
                .check(CLASSES);
    }

    @Test
    void noOtherServiceIsKnown() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tidemark.edge..", "io.tidemark.store..", "io.tidemark.sync..", "io.tidemark.local..")
                .check(CLASSES);
    }
}
