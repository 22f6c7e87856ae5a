package io.tidemark.contracts.files;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tidemark.contracts.files");

    @Test
    void theFormatAddsParquetAndItsCodecsToTheWireAndNothingElse() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "io.tidemark.contracts..",
                        "com.google.protobuf..",
                        "org.apache.parquet..",
                        "org.apache.hadoop..",
                        "com.github.luben.zstd..",
                        "org.xerial.snappy..",
                        "org.jspecify.annotations..")
                .check(CLASSES);
    }

    @Test
    void schemaWriterAndReaderFormNoCycles() {
        slices().matching("io.tidemark.contracts.files.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }
}
