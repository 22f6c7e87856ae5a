package io.tidemark.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tidemark.local");

    @Test
    void packagesFormNoCycles() {
        slices().matching("io.tidemark.local.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void supervisionKnowsNothingOfTidemark() {
        noClasses()
                .that()
                .resideInAPackage("..supervise..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tidemark.contracts..", "io.tidemark.local.stack..", "io.tidemark.local.demo..")
                .check(classes);
    }

    @Test
    void theBrokersOwnClassesStayInOnePackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..broker..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("kafka..", "org.apache.kafka.metadata..")
                .check(classes);
    }
}
