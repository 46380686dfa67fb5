package dev.warren.server.tool.workspace;

import dev.warren.protocol.daemon.FileWritten;
import dev.warren.server.tool.Field;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import java.nio.charset.StandardCharsets;

/// `write_file`: a whole file, atomically.
public final class WriteFile implements Tool<WriteFile.Input> {
  /// Longest content, in characters.
  static final int CONTENT_CHARS_MAX = 1024 * 1024;

  private final Daemons daemons;

  public WriteFile(Daemons daemons) {
    this.daemons = daemons;
  }

  public record Input(
      @Field("absolute, or below ~") String path,
      @Field(value = "the whole new content", max = CONTENT_CHARS_MAX) String content) {}

  record Output(String path, boolean created, long bytes) {}

  @Override
  public String name() {
    return "write_file";
  }

  @Override
  public Family family() {
    return Family.WORKSPACE;
  }

  @Override
  public Effect effect() {
    return Effect.FILES;
  }

  @Override
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) throws InterruptedException {
    byte[] content = input.content().getBytes(StandardCharsets.UTF_8);
    FileWritten written =
        WorkspaceCall.begin(daemons, context)
            .change((daemon, effect) -> daemon.put(input.path(), content, effect));
    return ToolResult.of(new Output(written.path(), written.created(), written.sizeBytes()));
  }

  @Override
  public ToolResult cancel(ToolContext context, Input input) throws InterruptedException {
    return Cancellation.ofChange(daemons, context);
  }
}
