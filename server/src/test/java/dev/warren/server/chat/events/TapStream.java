package dev.warren.server.chat.events;

import dev.warren.server.chat.ChatId;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;

/// A chat's text in flight as another replica gets it, without HTTP between.
public final class TapStream {
  private static final int PIPE_BYTES = 64 * 1024;

  private TapStream() {}

  public static InputStream open(ChatEvents owner, ChatId chat) throws IOException {
    PipedOutputStream out = new PipedOutputStream();
    PipedInputStream in = new PipedInputStream(out, PIPE_BYTES);
    LiveTap tap = owner.tap(chat);
    Thread.ofVirtual()
        .start(() -> {
          try (tap;
              out) {
            tap.write(out);
          } catch (IOException | InterruptedException e) {
            // The reader is gone.
          }
        });
    return in;
  }
}
