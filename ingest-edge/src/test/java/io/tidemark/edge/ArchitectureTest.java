package io.tidemark.edge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses EDGE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tidemark.edge");

    @Test
    void featuresFormNoCycles() {
        slices().matching("io.tidemark.edge.(*)..").should().beFreeOfCycles().check(EDGE);
    }

    @Test
    void onlyThePipelineSeesTheWhole() {
        noClasses()
                .that()
                .resideInAnyPackage("..edge.feed..", "..edge.venue..", "..edge.bars..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..edge.pipeline..", "..edge.forward..", "..edge.segment..", "..edge.rate..")
                .check(EDGE);
    }

    @Test
    void bigLibrariesStayInTheirPackages() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..edge.feed..", "..edge.pipeline..", "..edge.admin..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx..")
                .check(EDGE);
        noClasses()
                .that()
                .resideOutsideOfPackage("..edge.forward..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(EDGE);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.tidemark.store..", "io.tidemark.lake..", "io.tidemark.sync..")
                .check(EDGE);
    }
}
