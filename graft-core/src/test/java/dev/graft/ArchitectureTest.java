package dev.graft;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.graft");
  }

  @Test
  void import_findsTheLibrary() {
    assertThat(classes.size())
        .as("classes found; a wrong path would let every rule pass")
        .isGreaterThan(60);
  }

  @Test
  void libtorch_isSeenByTheEngineOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.graft.engine")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(classes);
  }

  @Test
  void nativeTokenizer_isSeenByTheTextPackageOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.graft.text..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(classes);
  }

  @Test
  void autograd_isForTestsOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.graft.engine")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("dev.graft.engine.Autograd")
        .check(classes);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("dev.graft.(*)..").should().beFreeOfCycles().check(classes);
  }
}
