package dev.warren.llm.wire;

import java.io.InputStream;

/// How the events of an answer lie in its bytes.
public enum Framing {
  /// Server-sent events.
  SSE("text/event-stream"),
  /// Frames of AWS's event stream.
  FRAMES("application/vnd.amazon.eventstream"),
  /// Frames of which each holds another provider's event in Base64.
  WRAPPED("application/vnd.amazon.eventstream");

  private final String mediaType;

  Framing(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }

  public EventReader reader(InputStream in) {
    return switch (this) {
      case SSE -> new SseReader(in);
      case FRAMES -> new FrameReader(in, false);
      case WRAPPED -> new FrameReader(in, true);
    };
  }
}
