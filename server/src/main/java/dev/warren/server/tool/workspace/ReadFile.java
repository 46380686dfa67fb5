package dev.warren.server.tool.workspace;

import dev.warren.protocol.daemon.FileLines;
import dev.warren.server.tool.Field;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// `read_file`: a range of a text file's lines, numbered.
public final class ReadFile implements Tool<ReadFile.Input> {
  /// Bytes of an answer's content.
  static final int CONTENT_BYTES_MAX = 32 * 1024;

  private static final int LIMIT_DEFAULT = 2_000;

  private final Daemons daemons;

  public ReadFile(Daemons daemons) {
    this.daemons = daemons;
  }

  public record Input(
      @Field("absolute, or below ~") String path,
      @Field(value = "first line, from 1", min = 1, max = Integer.MAX_VALUE)
          Optional<Integer> offset,
      @Field(value = "lines, 2000 by default", min = 1, max = Integer.MAX_VALUE)
          Optional<Integer> limit) {}

  /// @param nextOffset where to go on, when there is more
  record Output(String path, String content, int totalLines, Optional<Integer> nextOffset) {}

  @Override
  public String name() {
    return "read_file";
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
    int offset = input.offset().orElse(1);
    int limit = input.limit().orElse(LIMIT_DEFAULT);
    FileLines file =
        WorkspaceCall.begin(daemons, context)
            .readAsChat((daemon, lease) -> daemon.lines(input.path(), offset, limit, lease));
    if (offset > 1 && offset > file.totalLines()) {
      return ToolResult.error(
          "%s has %d lines; offset %d is behind its end"
              .formatted(file.path(), file.totalLines(), offset));
    }
    StringBuilder content = new StringBuilder();
    int bytes = 0;
    List<String> lines = file.lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = (offset + i) + "\t" + lines.get(i) + "\n";
      bytes += line.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > CONTENT_BYTES_MAX) {
        return tooLong(file, offset, i);
      }
      content.append(line);
    }
    int next = offset + lines.size();
    return ToolResult.of(
        new Output(
            file.path(),
            content.toString(),
            file.totalLines(),
            next <= file.totalLines() ? Optional.of(next) : Optional.empty()));
  }

  private static ToolResult tooLong(FileLines file, int offset, int linesThatFit) {
    if (linesThatFit == 0) {
      return ToolResult.error(
          "Line %d of %s alone is longer than the 32 KiB of an answer: read a part of it with execute, such as sed -n '%dp' FILE | cut -c1-2000"
              .formatted(offset, file.path(), offset));
    }
    return ToolResult.error(
        "These lines of %s are longer than the 32 KiB of an answer (the file has %d lines, %d bytes): page with offset %d and limit %d, or find the place with execute and grep -n"
            .formatted(file.path(), file.totalLines(), file.sizeBytes(), offset, linesThatFit));
  }
}
