package dev.warren.protocol.http;

/// Bounds on one message.
///
/// @param lineBytesMax of the request or status line, and of each header
/// @param headerBytesMax of all headers together
/// @param headersMax how many headers
/// @param bodyBytesMax of a body, after the chunks are put together
public record HttpLimits(int lineBytesMax, int headerBytesMax, int headersMax, long bodyBytesMax) {
  /// Lines of 8 KiB (a path is at most 4 KiB), 16 KiB and 64 headers.
  public static HttpLimits withBody(long bodyBytesMax) {
    return new HttpLimits(8 * 1024, 16 * 1024, 64, bodyBytesMax);
  }
}
