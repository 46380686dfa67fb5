package dev.warren.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// nginx as a proxy of the scripted model: the peer of the control plane, which does the same and
/// more. One worker, no buffering, nothing logged.
final class Nginx implements AutoCloseable {
  private final Program program;
  private final int port = Program.freePort();

  Nginx(Path folder, int upstreamPort) {
    Path home = folder.resolve("nginx");
    try {
      Files.createDirectories(home);
      Path config = Files.writeString(home.resolve("nginx.conf"), config(home, upstreamPort));
      this.program =
          Program.start(
              folder,
              "nginx",
              Map.of(),
              List.of("nginx", "-p", home.toString(), "-c", config.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    program.await("nginx", Duration.ofSeconds(20), this::listens);
  }

  static boolean installed() {
    return List.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx").stream()
        .anyMatch(path -> Files.isExecutable(Path.of(path)));
  }

  private String config(Path home, int upstreamPort) {
    return """
    daemon off;
    worker_processes 1;
    pid %1$s/nginx.pid;
    error_log %1$s/error.log;
    events { worker_connections 8192; }
    http {
      access_log off;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      server {
        listen 127.0.0.1:%2$d;
        location / {
          proxy_pass http://127.0.0.1:%3$d;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_buffering off;
          proxy_read_timeout 300s;
        }
      }
    }
    """
        .formatted(home, port, upstreamPort);
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return port;
  }

  /// Master and worker.
  List<Long> pids() {
    List<Long> pids = new ArrayList<>(List.of(program.pid()));
    ProcessHandle.of(program.pid()).stream()
        .flatMap(ProcessHandle::descendants)
        .forEach(child -> pids.add(child.pid()));
    return pids;
  }

  @Override
  public void close() {
    program.close();
  }
}
