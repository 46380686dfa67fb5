package dev.warren.server.tool.workspace;

import dev.warren.protocol.daemon.FileLines;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.Instructions.Skill;
import dev.warren.server.chat.InstructionsStore;
import dev.warren.server.chat.KnownInstructions;
import dev.warren.server.db.Shield;
import dev.warren.server.tool.Field;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/// `read_skill`: the text of a skill that the model was told of, as it lies in the workspace now.
public final class ReadSkill implements Tool<ReadSkill.Input> {
  /// Bytes of an answer's content; the rest is read as a file.
  static final int CONTENT_BYTES_MAX = 32 * 1024;

  private static final int LINES_MAX = 2_000;

  private final Daemons daemons;
  private final ChatStore chats;
  private final InstructionsStore instructions;

  public ReadSkill(Daemons daemons, ChatStore chats, InstructionsStore instructions) {
    this.daemons = daemons;
    this.chats = chats;
    this.instructions = instructions;
  }

  public record Input(@Field(min = 1, max = 64) String name) {}

  /// @param folder of the skill, where the other files that it names lie
  /// @param nextOffset where `read_file` goes on, when there is more
  record Output(
      String name, String path, String folder, String content, Optional<Integer> nextOffset) {}

  @Override
  public String name() {
    return "read_skill";
  }

  @Override
  public Family family() {
    return Family.WORKSPACE;
  }

  @Override
  public Effect effect() {
    return Effect.NONE;
  }

  @Override
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) throws InterruptedException {
    Skill skill = Shield.call(() -> find(context, input.name()));
    FileLines file =
        WorkspaceCall.begin(daemons, context)
            .read(daemon -> daemon.lines(skill.path(), 1, LINES_MAX));
    StringBuilder content = new StringBuilder();
    int bytes = 0;
    int lines = 0;
    for (String line : file.lines()) {
      bytes += line.getBytes(StandardCharsets.UTF_8).length + 1;
      if (bytes > CONTENT_BYTES_MAX) {
        break;
      }
      content.append(line).append('\n');
      lines++;
    }
    String folder = skill.path().substring(0, skill.path().lastIndexOf('/'));
    return ToolResult.of(
        new Output(
            skill.name(),
            file.path(),
            folder,
            content.toString(),
            lines < file.totalLines() ? Optional.of(lines + 1) : Optional.empty()));
  }

  private Skill find(ToolContext context, String name) {
    KnownInstructions known =
        chats
            .find(context.chatId())
            .map(instructions::known)
            .orElseThrow(() -> new ToolFailure("The chat was deleted meanwhile."));
    return known
        .skill(name)
        .orElseThrow(() ->
            new ToolFailure(
                known.skills().isEmpty()
                    ? "The workspace of this chat has no skills."
                    : "There is no skill named '"
                        + name
                        + "'. There are: "
                        + known.skills().stream()
                            .map(Skill::name)
                            .collect(Collectors.joining(", "))));
  }
}
