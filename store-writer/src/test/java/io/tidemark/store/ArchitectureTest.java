package io.tidemark.store;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tidemark.store");

    @Test
    void featuresFormNoCycles() {
        slices().matching("io.tidemark.store.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheComposingPackageKnowsTheConsumer() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tidemark.store.consume..", "io.tidemark.store")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka.clients..", "io.tidemark.store.consume..")
                .check(CLASSES);
    }

    @Test
    void theQueueKnowsNoDatabaseClient() {
        noClasses()
                .that()
                .resideInAPackage("io.tidemark.store.write..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "java.sql..", "org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void noOtherServiceIsKnown() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tidemark.edge..", "io.tidemark.lake..", "io.tidemark.sync..", "io.tidemark.local..")
                .check(CLASSES);
    }
}
