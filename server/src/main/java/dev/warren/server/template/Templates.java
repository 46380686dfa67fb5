package dev.warren.server.template;

import dev.warren.protocol.Json;
import dev.warren.server.access.UserId;
import dev.warren.server.archive.FolderArchive;
import dev.warren.server.db.Database;
import dev.warren.server.gitauth.GitHost;
import dev.warren.server.http.Page;
import dev.warren.server.http.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/// The templates of this installation.
public final class Templates {
  /// The file of a pushed folder that says what [Manifest] has.
  static final String MANIFEST_FILE = "warren.json";

  private static final String README_FILE = "README.md";
  private static final int README_CHARS_MAX = 100_000;
  private static final int TEXT_CHARS_MAX = 2000;
  private static final int GIT_HOSTS_MAX = 100;
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");

  private final TemplateStore store;

  public Templates(Database database) {
    this.store = new TemplateStore(database);
  }

  /// What a new template is.
  public record NewTemplate(
      String name,
      EngineKind engine,
      Optional<String> displayName,
      Optional<String> description,
      Optional<List<TemplateParameter>> parameters,
      Optional<String> readme) {}

  /// What may be changed of a template without a new version.
  ///
  /// @param activeVersionId one of its versions, which new builds are made from
  public record Change(
      Optional<String> displayName,
      Optional<String> description,
      Optional<Boolean> deprecated,
      Optional<List<String>> gitHosts,
      Optional<TemplateVersionId> activeVersionId) {}

  /// `warren.json` of a pushed folder.
  public record Manifest(
      Optional<String> displayName,
      Optional<String> description,
      Optional<List<TemplateParameter>> parameters) {}

  /// Makes the `local` template at the first start.
  public void seed() {
    store.seed(
        LocalTemplate.NAME,
        LocalTemplate.DISPLAY_NAME,
        LocalTemplate.DESCRIPTION,
        EngineKind.LOCAL,
        new TemplateStore.NewVersion(
            LocalTemplate.PARAMETERS, LocalTemplate.README, Optional.empty(), Optional.empty()));
  }

  public Page.Of<Template> list(Page page) {
    Optional<TemplateId> after = page.cursor().map(Templates::cursor);
    return page.cut(store.list(after, page.limit() + 1), template -> template.id().toString());
  }

  /// All of them, at most this many.
  public List<Template> all(int max) {
    return store.list(Optional.empty(), max);
  }

  public Optional<Template> find(TemplateId id) {
    return store.find(id);
  }

  public Optional<Template> findByName(String name) {
    return store.findByName(name);
  }

  public Template get(TemplateId id) {
    return store.find(id).orElseThrow(() -> Problems.notFound("there is no template " + id));
  }

  /// The parameters of a version, active or not.
  public List<TemplateParameter> parameters(TemplateVersionId version) {
    return store
        .parameters(version)
        .orElseThrow(() -> Problems.notFound("there is no template version " + version));
  }

  public Template create(UserId by, NewTemplate template) {
    if (!NAME.matcher(template.name()).matches()) {
      throw Problems.badInput(
          "name", "is not 1 to 64 lower-case letters, digits and '-': " + template.name());
    }
    refuseUnavailable(template.engine());
    List<TemplateParameter> parameters = template.parameters().orElse(List.of());
    checkParameters("parameters", parameters);
    String displayName = template.displayName().orElse(template.name());
    String description = template.description().orElse("");
    String readme = template.readme().orElse("");
    checkText("display_name", displayName, TEXT_CHARS_MAX);
    checkText("description", description, TEXT_CHARS_MAX);
    checkText("readme", readme, README_CHARS_MAX);
    TemplateId id =
        store
            .insert(
                template.name(),
                displayName,
                description,
                template.engine(),
                new TemplateStore.NewVersion(parameters, readme, Optional.empty(), Optional.of(by)))
            .orElseThrow(() ->
                Problems.conflict("there is a template named " + template.name() + " already"));
    return get(id);
  }

  /// Adds a version from a pushed folder, a tar, tar.gz or zip.
  public Template addVersion(UserId by, TemplateId id, byte[] archive) {
    Template template = get(id);
    refuseUnavailable(template.engine());
    Map<String, byte[]> files;
    try {
      files = FolderArchive.read(archive);
    } catch (IOException e) {
      throw Problems.badInput("body", String.valueOf(e.getMessage()));
    }
    Manifest manifest = manifest(files);
    List<TemplateParameter> parameters = manifest.parameters().orElse(List.of());
    checkParameters(MANIFEST_FILE + ": parameters", parameters);
    String readme =
        Optional.ofNullable(files.get(README_FILE))
            .map(bytes -> new String(bytes, StandardCharsets.UTF_8).replace("\0", ""))
            .orElse("");
    checkText(README_FILE, readme, README_CHARS_MAX);
    store.addVersion(
        id,
        new TemplateStore.NewVersion(parameters, readme, Optional.of(archive), Optional.of(by)));
    return change(
        id,
        new Change(
            manifest.displayName(),
            manifest.description(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  public Page.Of<TemplateVersion> versions(TemplateId id, Page page) {
    get(id);
    return page.cut(
        store.versions(id, page.cursorId(), page.limit() + 1), version -> version.id().toString());
  }

  /// The folder of a version, as a zip. For one that was made without a folder, the folder that
  /// would make it.
  public byte[] folder(TemplateId id, TemplateVersionId version) {
    Template template = get(id);
    TemplateStore.Content content =
        store
            .content(id, version)
            .orElseThrow(() ->
                Problems.notFound(
                    "the template " + template.name() + " has no version " + version));
    try {
      return FolderArchive.zip(
          content.archive().isPresent()
              ? FolderArchive.read(content.archive().get())
              : written(template, content));
    } catch (IOException e) {
      throw new UncheckedIOException("the folder of " + version + " cannot be read", e);
    }
  }

  private static Map<String, byte[]> written(Template template, TemplateStore.Content content) {
    Manifest manifest =
        new Manifest(
            Optional.of(template.displayName()),
            Optional.of(template.description()),
            Optional.of(TemplateStore.readParameters(content.parameters())));
    return Map.of(
        MANIFEST_FILE,
        Json.STRICT.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest),
        README_FILE,
        content.readme().getBytes(StandardCharsets.UTF_8));
  }

  public Template change(TemplateId id, Change change) {
    get(id);
    change.displayName().ifPresent(text -> checkText("display_name", text, TEXT_CHARS_MAX));
    change.description().ifPresent(text -> checkText("description", text, TEXT_CHARS_MAX));
    Optional<List<String>> gitHosts =
        change.gitHosts().map(hosts -> GitHost.checked("git_hosts", hosts));
    if (gitHosts.filter(hosts -> hosts.size() > GIT_HOSTS_MAX).isPresent()) {
      throw Problems.badInput("git_hosts", "has more than " + GIT_HOSTS_MAX + " hosts");
    }
    if (!store.update(
        id,
        new Change(
            change.displayName(),
            change.description(),
            change.deprecated(),
            gitHosts,
            change.activeVersionId()))) {
      throw Problems.badInput(
          "active_version_id", "is no version of this template; GET its versions lists them");
    }
    return get(id);
  }

  public void delete(TemplateId id) {
    Template template = get(id);
    if (!store.delete(id)) {
      throw Problems.conflict(
          "the template "
              + template.name()
              + " has workspaces; delete them first, or deprecate the template");
    }
  }

  private static Manifest manifest(Map<String, byte[]> files) {
    byte[] bytes = files.get(MANIFEST_FILE);
    if (bytes == null) {
      return new Manifest(Optional.empty(), Optional.empty(), Optional.empty());
    }
    try {
      return Json.STRICT.readValue(bytes, Manifest.class);
    } catch (JacksonException e) {
      throw Problems.badInput(MANIFEST_FILE, e.getOriginalMessage());
    }
  }

  private static void refuseUnavailable(EngineKind engine) {
    if (!engine.isAvailable()) {
      throw Problems.badInput(
          "engine", "this version has no engine " + engine + "; there are local and external");
    }
  }

  private static void checkParameters(String field, List<TemplateParameter> parameters) {
    if (parameters.size() > TemplateParameter.COUNT_MAX) {
      throw Problems.badInput(field, "are more than " + TemplateParameter.COUNT_MAX);
    }
    Set<String> names = new HashSet<>();
    for (TemplateParameter parameter : parameters) {
      if (!names.add(parameter.name())) {
        throw Problems.badInput(field, "has " + parameter.name() + " twice");
      }
    }
  }

  private static void checkText(String field, String text, int charsMax) {
    if (text.length() > charsMax) {
      throw Problems.badInput(field, "is longer than " + charsMax + " characters");
    }
    if (text.indexOf('\0') >= 0) {
      throw Problems.badInput(field, "has a NUL character");
    }
  }

  private static TemplateId cursor(String text) {
    try {
      return new TemplateId(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw Problems.badInput("cursor", "is not a cursor; take next_cursor of the answer before");
    }
  }
}
