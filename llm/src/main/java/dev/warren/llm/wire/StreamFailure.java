package dev.warren.llm.wire;

/// An event inside an answer says that the provider failed.
public final class StreamFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Failures.Detail detail;

  public StreamFailure(Failures.Detail detail) {
    super("error event in the stream", null, false, false);
    this.detail = detail;
  }

  /// For what no provider sends.
  public static StreamFailure malformed(String what) {
    return new StreamFailure(new Failures.Detail(0, "malformed_stream", "", "", what, ""));
  }

  public Failures.Detail detail() {
    return detail;
  }
}
