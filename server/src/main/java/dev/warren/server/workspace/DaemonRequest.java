package dev.warren.server.workspace;

import dev.warren.protocol.Json;
import dev.warren.protocol.http.HttpHead;
import dev.warren.protocol.http.HttpHeaders;
import dev.warren.protocol.http.HttpLimits;
import dev.warren.protocol.http.HttpReader;
import dev.warren.protocol.http.HttpWriter;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.server.workspace.WorkspaceUnreachable.Stage;
import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.time.Duration;
import tools.jackson.core.JacksonException;

/// One small `GET` of a daemon's API, for pages. What comes back is hostile input: bounded in bytes
/// and time, and read strictly.
final class DaemonRequest {
  private static final long BODY_BYTES_MAX = 1024 * 1024;
  private static final Duration READ_MAX = Duration.ofSeconds(10);
  private static final Duration DAEMON_WAIT = Duration.ofSeconds(2);

  private DaemonRequest() {}

  static <T> T get(WorkspaceConnections connections, WorkspaceId id, String target, Class<T> type)
      throws WorkspaceUnreachable, InterruptedException {
    try (TunnelStream stream = connections.open(id, StreamKind.HTTP, "", DAEMON_WAIT)) {
      stream.readTimeout(READ_MAX);
      HttpHeaders headers =
          new HttpHeaders.Builder().add("Host", "daemon").add("Connection", "close").build();
      new HttpWriter(stream.output()).request("GET", target, headers, new byte[0]);
      HttpReader reader = new HttpReader(stream.input(), HttpLimits.withBody(BODY_BYTES_MAX));
      HttpHead.Response response = reader.response();
      byte[] body = reader.body(response).readAllBytes();
      if (response.status() != 200) {
        throw new WorkspaceUnreachable(
            Stage.REQUEST, "the daemon answered " + target + " with " + response.status());
      }
      return Json.LENIENT.readValue(body, type);
    } catch (WorkspaceUnreachable e) {
      throw e;
    } catch (IOException | JacksonException e) {
      throw new WorkspaceUnreachable(
          Stage.REQUEST, "the daemon did not answer " + target + " properly: " + e.getMessage(), e);
    }
  }
}
