package dev.warren.scripted;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The newest requests that came, as many and as large as the bounds let it keep; always the last.
final class RequestLog {
  static final int REQUESTS_MAX = 1_000;

  /// Of the bodies as they came; parsed they take about ten times as much.
  static final long BYTES_MAX = 16L * 1024 * 1024;

  @GuardedBy("this")
  private final Deque<Entry> entries = new ArrayDeque<>();

  @GuardedBy("this")
  private long bytes;

  private record Entry(RecordedRequest request, int bytes) {}

  /// @param size of its body
  synchronized void add(RecordedRequest request, int size) {
    entries.addLast(new Entry(request, size));
    bytes += size;
    while (entries.size() > 1 && (entries.size() > REQUESTS_MAX || bytes > BYTES_MAX)) {
      bytes -= entries.removeFirst().bytes();
    }
  }

  /// Oldest first.
  synchronized List<RecordedRequest> all() {
    return entries.stream().map(Entry::request).toList();
  }
}
