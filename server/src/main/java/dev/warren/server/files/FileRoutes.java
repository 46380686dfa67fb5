package dev.warren.server.files;

import dev.warren.server.http.Access;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Attaching files and looking at one's own.
public final class FileRoutes {
  /// Largest file.
  public static final int BYTES_MAX = 10 * 1024 * 1024;

  private static final int NAME_CHARS_MAX = 200;

  private final FileStore store;

  public FileRoutes(FileStore store) {
    this.store = store;
  }

  /// A file that was attached.
  record FileView(FileId id, String name, String mediaType, int sizeBytes) {}

  public List<Route> routes() {
    return List.of(
        Route.post(Route.API + "/files", Access.USER, this::create)
            .acceptsBytes(BYTES_MAX)
            .query("name")
            .idempotently()
            .answers(201, FileView.class)
            .summary("Attaches an image, a PDF or text"),
        Route.get(Route.API + "/files/{id}", Access.USER, this::show)
            .answers(200)
            .summary("Gives an attached file back"));
  }

  private Response create(Request request) {
    byte[] content = request.bytes();
    if (content.length == 0) {
      throw Problems.badInput("body", "is empty; send the file's bytes");
    }
    String mediaType =
        MediaTypes.sniff(content)
            .orElseThrow(() ->
                Problems.unsupportedMediaType(
                    "the file is no PNG, JPEG, GIF or WebP image, no PDF and no UTF-8 text"));
    StoredFile file =
        new StoredFile(new FileId(request.newId()), name(request, mediaType), mediaType, content);
    store.insert(file, request.caller().id());
    return Response.created(new FileView(file.id(), file.name(), mediaType, content.length));
  }

  /// The last part of a path, without what could hurt in a header or a file system.
  private static String name(Request request, String mediaType) {
    String sent = request.query("name").orElse("");
    String last = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
    String clean = last.replaceAll("[\\p{Cntrl}\"<>|:*?]", "_").strip();
    if (clean.length() > NAME_CHARS_MAX) {
      throw Problems.badInput("name", "is longer than " + NAME_CHARS_MAX + " characters");
    }
    return clean.isEmpty()
        ? "file." + mediaType.replaceAll(".*/", "").replace("plain", "txt")
        : clean;
  }

  private Response show(Request request) {
    StoredFile file =
        store
            .find(new FileId(request.id("id")), request.caller().id())
            .orElseThrow(() -> Problems.notFound("you have no file with this id"));
    boolean image = file.mediaType().startsWith("image/");
    String name = URLEncoder.encode(file.name(), StandardCharsets.UTF_8).replace("+", "%20");
    return Response.bytes(
            file.mediaType().equals(MediaTypes.TEXT)
                ? file.mediaType() + ";charset=utf-8"
                : file.mediaType(),
            file.content())
        .with(
            "Content-Disposition", (image ? "inline" : "attachment") + "; filename*=UTF-8''" + name)
        .with("Cache-Control", "private, max-age=3600");
  }
}
