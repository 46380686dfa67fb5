package dev.warren.server.agent;

import dev.warren.llm.Message;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Part;
import dev.warren.llm.ToolSpec;
import dev.warren.server.access.UserId;
import dev.warren.server.agent.AgentSources.AgentSettings;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.Instructions;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.PartConversion;
import dev.warren.server.chat.StoredPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the request to a model from a chat's history. Nothing in its beginning changes while a
/// chat goes on, no clock, no count, no order of chance, so that the provider's prompt cache hits.
/// One for each run of a chat; not thread-safe.
final class Prompt {
  private static final String OWN = resource("prompt.md");
  private static final String SUB_AGENTS = resource("prompt-sub-agent.md");

  /// Bytes of attached files that are kept with a converted message; larger ones are read again.
  private static final int KEPT_BYTES_MAX = 1024 * 1024;

  private final AgentSources.Files files;
  private final Map<MessageId, List<Part>> converted = new HashMap<>();

  Prompt(AgentSources.Files files) {
    this.files = files;
  }

  /// @param instructions of the workspace, that stand in this history
  ModelRequest request(
      Chat chat,
      AgentModel model,
      AgentSettings settings,
      List<ToolSpec> tools,
      List<ChatMessage> history,
      List<Instructions> instructions) {
    List<Message> messages = new ArrayList<>();
    Deque<Instructions> told = new ArrayDeque<>(instructions);
    for (ChatMessage message : history) {
      List<Part> parts = parts(message, chat.ownerId());
      if (!parts.isEmpty()) {
        messages.add(new Message(role(message.role()), parts));
      }
      while (!told.isEmpty() && told.getFirst().afterSeq() <= message.seq()) {
        messages.add(
            new Message(Message.Role.USER, List.of(Part.Text.of(told.removeFirst().text()))));
      }
    }
    return new ModelRequest(
        model.name(),
        system(chat, settings),
        tools,
        messages,
        model.maxOutputTokens(),
        model.options(),
        chat.id().toString());
  }

  private static String system(Chat chat, AgentSettings settings) {
    String own = chat.parentId().isPresent() ? SUB_AGENTS : OWN;
    String admins = settings.systemPrompt().strip();
    return admins.isEmpty() ? own : own + "\n\n# Instructions of the administrator\n\n" + admins;
  }

  /// Characters of what stands before the conversation.
  static long overheadChars(Chat chat, AgentSettings settings, List<ToolSpec> tools) {
    long chars = system(chat, settings).length();
    for (ToolSpec tool : tools) {
      chars += tool.name().length() + tool.description().length();
      chars += tool.inputSchema().toString().length();
    }
    return chars;
  }

  private static Message.Role role(ChatMessage.Role role) {
    return switch (role) {
      case USER, SUMMARY -> Message.Role.USER;
      case ASSISTANT -> Message.Role.ASSISTANT;
      case TOOL -> Message.Role.TOOL;
    };
  }

  /// Messages never change while a chat is owned, so each is converted once.
  private List<Part> parts(ChatMessage message, UserId owner) {
    List<Part> known = converted.get(message.id());
    if (known != null) {
      return known;
    }
    List<Part> parts = convert(message, owner);
    long bytes =
        parts.stream()
            .mapToLong(part -> part instanceof Part.File file ? file.content().length : 0)
            .sum();
    if (bytes <= KEPT_BYTES_MAX) {
      converted.put(message.id(), parts);
    }
    return parts;
  }

  private List<Part> convert(ChatMessage message, UserId owner) {
    List<Part> parts = new ArrayList<>();
    for (StoredPart part : message.parts()) {
      if (part instanceof StoredPart.File file) {
        parts.add(file(file, owner));
      } else if (!(part instanceof StoredPart.Text text && text.text().isEmpty())) {
        parts.add(PartConversion.model(part));
      }
    }
    return parts;
  }

  private Part file(StoredPart.File file, UserId owner) {
    Optional<Part.File> content = files.read(file.fileId(), owner);
    if (content.isPresent()) {
      return content.get();
    }
    return Part.Text.of("[The attached file " + file.name() + " does not exist any more.]");
  }

  private static String resource(String name) {
    try (InputStream in = Prompt.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource " + name, e);
    }
  }
}
