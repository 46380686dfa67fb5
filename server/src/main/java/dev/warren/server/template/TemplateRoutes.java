package dev.warren.server.template;

import static dev.warren.server.http.Route.API;

import dev.warren.server.archive.FolderArchive;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.http.Access;
import dev.warren.server.http.Page;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.util.List;

/// `/api/v1/templates`.
public final class TemplateRoutes {
  private final Templates templates;
  private final AuditLog audit;

  public TemplateRoutes(Templates templates, AuditLog audit) {
    this.templates = templates;
    this.audit = audit;
  }

  public List<Route> routes() {
    return List.of(
        Route.get(API + "/templates", Access.USER, this::list)
            .paged()
            .query("name")
            .forWorkspaces()
            .answers(200, Page.Of.class)
            .summary("The templates that workspaces can be made from"),
        Route.post(API + "/templates", Access.TEMPLATE_ADMIN, this::create)
            .accepts(Templates.NewTemplate.class)
            .answers(201, Template.class)
            .summary("Makes a template"),
        Route.get(
                API + "/templates/{id}",
                Access.USER,
                request -> Response.ok(templates.get(id(request))))
            .forWorkspaces()
            .answers(200, Template.class)
            .summary("One template with its parameters and read-me"),
        Route.patch(API + "/templates/{id}", Access.TEMPLATE_ADMIN, this::change)
            .accepts(Templates.Change.class)
            .answers(200, Template.class)
            .summary(
                "Renames, describes or deprecates a template, makes a version active, or says where its"
                    + " workspaces' git logs in"),
        Route.delete(API + "/templates/{id}", Access.TEMPLATE_ADMIN, this::delete)
            .answers(204)
            .summary("Deletes a template that has no workspaces"),
        Route.get(API + "/templates/{id}/versions", Access.USER, this::versions)
            .paged()
            .forWorkspaces()
            .answers(200, Page.Of.class)
            .summary("The versions of a template, the newest first"),
        Route.get(
                API + "/templates/{id}/versions/{version_id}/folder",
                Access.TEMPLATE_ADMIN,
                this::folder)
            .answers(200)
            .summary("The folder of a version, as a zip"),
        Route.post(API + "/templates/{id}/versions", Access.TEMPLATE_ADMIN, this::push)
            .acceptsBytes(FolderArchive.ARCHIVE_BYTES_MAX)
            .answers(201, Template.class)
            .summary("Makes a pushed folder (tar, tar.gz, zip) the active version"));
  }

  private Response list(Request request) {
    return request
        .query("name")
        .map(name ->
            Response.ok(
                new Page.Of<>(
                    templates.findByName(name).stream().toList(), java.util.Optional.empty())))
        .orElseGet(() -> Response.ok(templates.list(request.page())));
  }

  private Response create(Request request) {
    Template made =
        templates.create(request.caller().id(), request.body(Templates.NewTemplate.class));
    record(request, "template.create", made);
    return Response.created(made);
  }

  private Response change(Request request) {
    Template changed = templates.change(id(request), request.body(Templates.Change.class));
    record(request, "template.update", changed);
    return Response.ok(changed);
  }

  private Response push(Request request) {
    Template pushed = templates.addVersion(request.caller().id(), id(request), request.bytes());
    record(request, "template.push", pushed);
    return Response.created(pushed);
  }

  private Response delete(Request request) {
    Template gone = templates.get(id(request));
    templates.delete(gone.id());
    record(request, "template.delete", gone);
    return Response.noContent();
  }

  private void record(Request request, String action, Template template) {
    audit.record(request.caller(), action, "template " + template.id(), template.name());
  }

  private Response versions(Request request) {
    return Response.ok(templates.versions(id(request), request.page()));
  }

  private Response folder(Request request) {
    TemplateVersionId version = new TemplateVersionId(request.id("version_id"));
    return Response.bytes("application/zip", templates.folder(id(request), version));
  }

  private static TemplateId id(Request request) {
    return new TemplateId(request.id("id"));
  }
}
