package dev.warren.server.tool;

/// An expected failure from deep within a tool: its result is what the model gets.
public final class ToolFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ToolResult result;

  public ToolFailure(ToolResult result) {
    super(result.output().toString(), null, false, false);
    this.result = result;
  }

  public ToolFailure(String message) {
    this(ToolResult.error(message));
  }

  public ToolResult result() {
    return result;
  }
}
