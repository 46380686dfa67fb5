package dev.warren.server.tool.platform;

import dev.warren.server.tool.Tool;
import java.time.Duration;

/// A tool that makes, starts or stops the chat's workspace, and waits until that is done.
interface LifecycleTool<I extends Record> extends Tool<I> {
  @Override
  default Family family() {
    return Family.PLATFORM;
  }

  @Override
  default Effect effect() {
    return Effect.LIFECYCLE;
  }

  @Override
  default Duration timeout(I input) {
    return WorkspaceWait.TOTAL_MAX;
  }
}
