package dev.warren.e2e.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The borders between modules and between features, checked on the compiled classes.
final class BordersTest {
  private static final JavaClasses WARREN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.warren");

  @Test
  void theWorkspaceKnowsNothingOfAi() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.warren.daemon..", "dev.warren.tunnel..", "dev.warren.protocol..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.warren.llm..", "dev.warren.server..", "dev.warren.cli..")
        .check(WARREN);
  }

  @Test
  void modelsKnowNothingOfWorkspacesOrServers() {
    noClasses()
        .that()
        .resideInAPackage("dev.warren.llm..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.warren.daemon..", "dev.warren.tunnel..", "dev.warren.server..", "dev.warren.cli..")
        .check(WARREN);
  }

  @Test
  void theProductDoesNotKnowTheScriptedModelButForItsDemo() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.warren.server.(*)..", "dev.warren.llm..", "dev.warren.cli..")
        .and(not(resideInAPackage("dev.warren.server.demo..")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.warren.scripted..")
        .check(WARREN);
  }

  @Test
  void modulesHaveNoCycles() {
    slices().matching("dev.warren.(*)..").should().beFreeOfCycles().check(WARREN);
  }

  @Test
  void featuresHaveNoCycles() {
    slices().matching("dev.warren.server.(*)..").should().beFreeOfCycles().check(WARREN);
    slices().matching("dev.warren.cli.(*)..").should().beFreeOfCycles().check(WARREN);
  }

  @Test
  void dialectsKnowNeitherEachOthersHostsNorTheConnection() {
    slices()
        .matching("dev.warren.llm.(wire|http|anthropic|openai|google|bedrock|cloud)..")
        .should()
        .beFreeOfCycles()
        .check(WARREN);
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.warren.llm.wire..",
            "dev.warren.llm.anthropic..",
            "dev.warren.llm.openai..",
            "dev.warren.llm.google..",
            "dev.warren.llm.bedrock..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.warren.llm.http..", "dev.warren.llm.cloud..")
        .check(WARREN);
  }

  @Test
  void chatsAreKeptWithoutKnowledgeOfTheirReadersAndRoutes() {
    noClasses()
        .that()
        .resideInAPackage("dev.warren.server.chat")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.warren.server.chat.*..")
        .check(WARREN);
    noClasses()
        .that()
        .resideInAPackage("dev.warren.server.chat.events..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.warren.server.chat.api..")
        .check(WARREN);
  }

  @Test
  void featuresDoNotKnowTheCompositionRoot() {
    noClasses()
        .that()
        .resideInAPackage("dev.warren.server.(*)..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.warren.server")
        .check(WARREN);
  }

  @Test
  void onlyHttpSeesTheHttpServer() {
    noClasses()
        .that(not(resideInAPackage("dev.warren.server.http..")))
        .and(resideInAPackage("dev.warren.server.."))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.eclipse.jetty..", "org.eclipse.jetty..", "jakarta.servlet..")
        .check(WARREN);
  }

  @Test
  void onlyStoresSeeTheDatabase() {
    noClasses()
        .that(not(resideInAPackage("dev.warren.server.db..")))
        .and(not(store()))
        .and(resideInAPackage("dev.warren.server.."))
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.jdbi..", "java.sql..", "org.postgresql.."))
        .check(WARREN);
  }

  @Test
  void onlyTheModelFeatureMakesProviders() {
    noClasses()
        .that(not(resideInAPackage("dev.warren.server.model..")))
        .and(resideInAPackage("dev.warren.server.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.warren.llm.(*)..")
        .check(WARREN);
  }

  @Test
  void classesAreFinalUnlessTheyAreMadeToBeExtended() {
    classes()
        .that()
        .areNotInterfaces()
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .and()
        .areNotAnonymousClasses()
        .and()
        .areNotEnums()
        .and(not(sealed()))
        .should()
        .haveModifier(JavaModifier.FINAL)
        .check(WARREN);
  }

  @Test
  void namesSayTheIdea() {
    noClasses()
        .should()
        .haveNameMatching(".*(Manager|Helper|Utils?|Common|Base|Impl)")
        .check(WARREN);
  }

  /// A store, or what is nested in it.
  private static DescribedPredicate<JavaClass> store() {
    return DescribedPredicate.describe(
        "stores", type -> type.getName().replaceFirst("\\$.*", "").endsWith("Store"));
  }

  private static DescribedPredicate<JavaClass> sealed() {
    return DescribedPredicate.describe("sealed classes", type -> type.reflect().isSealed());
  }
}
