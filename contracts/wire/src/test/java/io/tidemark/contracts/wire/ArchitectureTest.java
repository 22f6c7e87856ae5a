package io.tidemark.contracts.wire;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tidemark.contracts");

    @Test
    void wireKnowsTheJdkAndProtobufOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "com.google.protobuf..", "org.jspecify.annotations..", "io.tidemark.contracts..")
                .check(classes);
    }

    @Test
    void featuresFormNoCycles() {
        slices().matching("io.tidemark.contracts.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }
}
