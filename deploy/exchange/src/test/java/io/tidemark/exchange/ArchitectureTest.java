package io.tidemark.exchange;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final String ROOT = "io.tidemark.exchange";
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void whatIsVenueIndependentKnowsNoVenue() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".emission", ROOT + ".recording", ROOT + ".market", ROOT + ".serve")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".protocol..")
                .check(classes);
    }

    @Test
    void featuresFormNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void theServersLibraryStaysWithTheServerAndTheProtocols() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".emission", ROOT + ".recording", ROOT + ".market")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.vertx..")
                .check(classes);
    }
}
