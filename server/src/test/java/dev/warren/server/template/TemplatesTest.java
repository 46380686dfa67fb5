package dev.warren.server.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.UserId;
import dev.warren.server.archive.FolderArchive;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.Page;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class TemplatesTest {
  @RegisterExtension static final PostgresForTests POSTGRES = new PostgresForTests();

  private Templates templates;
  private final UserId user = new UserId(UuidV7.next());

  @BeforeEach
  void begins() {
    templates = new Templates(POSTGRES.database());
    POSTGRES
        .database()
        .use(handle ->
            handle
                .createUpdate(
                    "INSERT INTO users (id, email, username, role)"
                        + " VALUES (:id, :name || '@example.com', :name, 'admin')")
                .bind("id", user)
                .bind("name", user.toString())
                .execute());
  }

  @Test
  void theLocalTemplateIsMadeOnceAndStaysDeleted() {
    templates.seed();
    templates.seed();
    Template local = templates.findByName("local").orElseThrow();
    assertThat(local.engine()).isEqualTo(EngineKind.LOCAL);
    assertThat(local.parameters()).extracting(TemplateParameter::name).contains("memory_mb");

    templates.delete(local.id());
    templates.seed();

    assertThat(templates.findByName("local")).isEmpty();
    assertThatThrownBy(() -> templates.get(local.id())).hasMessageStartingWith("404");
  }

  @Test
  void aVersionBringsParametersAndReadMe() throws Exception {
    Template made = templates.create(user, template("versioned", EngineKind.EXTERNAL));
    byte[] archive =
        zip(
            "warren.json",
            "{\"display_name\":\"Second\",\"parameters\":[{\"name\":\"size\",\"type\":\"string\","
                + "\"required\":false,\"mutable\":true,\"description\":\"how large\"}]}",
            "README.md",
            "# Hello");

    Template second = templates.addVersion(user, made.id(), archive);

    assertThat(second.displayName()).isEqualTo("Second");
    assertThat(second.readme()).isEqualTo("# Hello");
    assertThat(second.parameters()).singleElement().extracting("name").isEqualTo("size");
    assertThat(second.activeVersionId()).isNotEqualTo(made.activeVersionId());
    assertThat(templates.parameters(made.activeVersionId())).isEmpty();
  }

  @Test
  void anEarlierVersionBecomesActiveAgainAndAnotherTemplatesNever() throws Exception {
    Template made = templates.create(user, template("back", EngineKind.EXTERNAL));
    templates.addVersion(user, made.id(), zip("README.md", "# Worse"));
    Template other = templates.create(user, template("other", EngineKind.EXTERNAL));

    Template back = templates.change(made.id(), activate(made.activeVersionId()));

    assertThat(back.activeVersionId()).isEqualTo(made.activeVersionId());
    assertThat(back.readme()).isEqualTo(made.readme());
    assertThatThrownBy(() -> templates.change(made.id(), activate(other.activeVersionId())))
        .hasMessageContaining("active_version_id");
    assertThat(templates.get(made.id()).activeVersionId()).isEqualTo(made.activeVersionId());
  }

  private static Templates.Change activate(TemplateVersionId version) {
    return new Templates.Change(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(version));
  }

  @Test
  void versionsAreListedTheNewestFirstAndGiveTheirFoldersBack() throws Exception {
    Template made = templates.create(user, template("folders", EngineKind.EXTERNAL));
    templates.addVersion(user, made.id(), zip("README.md", "# Hello", "sub/main.tf", "x"));

    List<TemplateVersion> versions =
        templates.versions(made.id(), new Page(50, Optional.empty())).items();
    assertThat(versions).extracting(TemplateVersion::number).containsExactly(2, 1);
    assertThat(versions).extracting(TemplateVersion::active).containsExactly(true, false);
    assertThat(versions.getFirst().createdBy()).contains(user.toString());

    Map<String, byte[]> pushed =
        FolderArchive.read(templates.folder(made.id(), versions.getFirst().id()));
    assertThat(pushed).containsOnlyKeys("README.md", "sub/main.tf");
    assertThat(pushed.get("sub/main.tf")).isEqualTo("x".getBytes(UTF_8));
  }

  @Test
  void aVersionThatWasMadeWithoutAFolderGivesTheFolderThatMakesIt() {
    Template original =
        templates.create(
            user,
            new Templates.NewTemplate(
                "original",
                EngineKind.LOCAL,
                Optional.of("Original"),
                Optional.of("text"),
                Optional.of(LocalTemplate.PARAMETERS),
                Optional.of("# Hello")));
    Template copy = templates.create(user, template("copy", EngineKind.LOCAL));

    byte[] folder = templates.folder(original.id(), original.activeVersionId());
    Template pushed = templates.addVersion(user, copy.id(), folder);

    assertThat(pushed.parameters()).isEqualTo(original.parameters()).isNotEmpty();
    assertThat(pushed.readme()).isEqualTo(original.readme());
    assertThat(pushed.description()).isEqualTo(original.description());
    assertThatThrownBy(() -> templates.folder(copy.id(), original.activeVersionId()))
        .hasMessageStartingWith("404");
  }

  @Test
  void aWrongVersionIsRefusedWithWhatIsWrong() throws Exception {
    Template made = templates.create(user, template("wrong", EngineKind.EXTERNAL));
    byte[] archive = zip("warren.json", "{\"colour\":1}", "README.md", "");

    assertThatThrownBy(() -> templates.addVersion(user, made.id(), archive))
        .hasMessageContaining("warren.json")
        .hasMessageContaining("colour");
    assertThatThrownBy(() -> templates.addVersion(user, made.id(), "junk".getBytes(UTF_8)))
        .hasMessageStartingWith("400");
  }

  @Test
  void enginesThatAreNotThereYetAreRefusedPlainly() {
    assertThatThrownBy(() -> templates.create(user, template("boxes", EngineKind.DOCKER)))
        .hasMessageContaining("no engine docker");
  }

  @Test
  void namesAreTakenOnce() {
    templates.create(user, template("taken", EngineKind.EXTERNAL));

    assertThatThrownBy(() -> templates.create(user, template("taken", EngineKind.EXTERNAL)))
        .hasMessageStartingWith("409");
    assertThatThrownBy(() -> templates.create(user, template("Not OK", EngineKind.EXTERNAL)))
        .hasMessageStartingWith("400");
  }

  @Test
  void aChangeLeavesWhatItDoesNotName() {
    Template made = templates.create(user, template("changing", EngineKind.EXTERNAL));

    Template changed =
        templates.change(
            made.id(),
            new Templates.Change(
                Optional.empty(),
                Optional.of("text"),
                Optional.of(true),
                Optional.of(List.of("GitHub.com", "*.example.com")),
                Optional.empty()));

    assertThat(changed.displayName()).isEqualTo(made.displayName());
    assertThat(changed.description()).isEqualTo("text");
    assertThat(changed.deprecated()).isTrue();
    assertThat(made.gitHosts()).containsExactly("*");
    assertThat(changed.gitHosts()).containsExactly("github.com", "*.example.com");
  }

  @Test
  void theListComesInParts() {
    for (int i = 0; i < 5; i++) {
      templates.create(user, template("listed-" + i, EngineKind.EXTERNAL));
    }
    Page.Of<Template> first = templates.list(new Page(3, Optional.empty()));

    assertThat(first.items()).hasSize(3);
    assertThat(first.nextCursor()).isPresent();
  }

  private static Templates.NewTemplate template(String name, EngineKind engine) {
    return new Templates.NewTemplate(
        name, engine, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static byte[] zip(String... pathsAndTexts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < pathsAndTexts.length; i += 2) {
        zip.putNextEntry(new ZipEntry(pathsAndTexts[i]));
        zip.write(pathsAndTexts[i + 1].getBytes(UTF_8));
      }
    }
    return bytes.toByteArray();
  }
}
