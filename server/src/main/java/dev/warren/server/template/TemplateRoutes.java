package dev.warren.server.template;

import static dev.warren.server.http.Route.API;

import dev.warren.server.archive.FolderArchive;
import dev.warren.server.http.Access;
import dev.warren.server.http.Page;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.util.List;

/// `/api/v1/templates`.
public final class TemplateRoutes {
  private final Templates templates;

  public TemplateRoutes(Templates templates) {
    this.templates = templates;
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
        Route.patch(
                API + "/templates/{id}",
                Access.TEMPLATE_ADMIN,
                request ->
                    Response.ok(
                        templates.change(id(request), request.body(Templates.Change.class))))
            .accepts(Templates.Change.class)
            .answers(200, Template.class)
            .summary("Renames, describes or deprecates a template"),
        Route.delete(API + "/templates/{id}", Access.TEMPLATE_ADMIN, this::delete)
            .answers(204)
            .summary("Deletes a template that has no workspaces"),
        Route.post(
                API + "/templates/{id}/versions",
                Access.TEMPLATE_ADMIN,
                request ->
                    Response.created(
                        templates.addVersion(request.caller().id(), id(request), request.bytes())))
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
    return Response.created(
        templates.create(request.caller().id(), request.body(Templates.NewTemplate.class)));
  }

  private Response delete(Request request) {
    templates.delete(id(request));
    return Response.noContent();
  }

  private static TemplateId id(Request request) {
    return new TemplateId(request.id("id"));
  }
}
