package dev.warren.server.chat.api;

import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.Instructions;
import dev.warren.server.chat.InstructionsStore;
import dev.warren.server.chat.KnownInstructions;
import dev.warren.server.http.Access;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.util.List;

/// Shows over HTTP what the model of a chat was told of its workspace's instructions.
public final class InstructionRoutes {
  private final ChatStore chats;
  private final InstructionsStore instructions;

  public InstructionRoutes(ChatStore chats, InstructionsStore instructions) {
    this.chats = chats;
    this.instructions = instructions;
  }

  /// @param bytes of the whole file
  /// @param truncated the model was told its beginning only
  record File(String path, long bytes, boolean truncated) {}

  record Told(List<File> files, List<Instructions.Skill> skills) {}

  public List<Route> routes() {
    return List.of(
        Route.get(Route.API + "/chats/{id}/instructions", Access.USER, this::read)
            .answers(200, Told.class)
            .summary(
                "Read which files and skills of its workspace the model of a chat was told of."));
  }

  private Response read(Request request) {
    ChatId id = new ChatId(request.id("id"));
    Chat chat =
        chats
            .find(id)
            .filter(found -> request.caller().mayRead(found.ownerId()))
            .orElseThrow(() -> Problems.notFound("There is no chat " + id + "."));
    KnownInstructions known = instructions.known(chat);
    List<File> files =
        known.files().values().stream()
            .map(file -> new File(file.path(), file.bytes(), file.truncated()))
            .toList();
    return Response.ok(new Told(files, known.skills()));
  }
}
