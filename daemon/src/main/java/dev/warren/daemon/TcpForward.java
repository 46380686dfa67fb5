package dev.warren.daemon;

import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A stream of kind `tcp`: bytes to and from a port that listens in the workspace. The target is
/// `HOST:PORT`, where the host is one of the workspace itself, not of the network around it.
final class TcpForward {
  private static final Pattern TARGET = Pattern.compile("(\\[::1]|[a-z0-9.]{1,40}):(\\d{1,5})");
  private static final int PORT_MAX = 65_535;
  private static final int CONNECT_WITHIN_MS = 10_000;
  private static final int BUFFER_BYTES = 64 * 1024;

  private TcpForward() {}

  static void serve(TunnelStream stream) throws IOException {
    Matcher target = TARGET.matcher(stream.target());
    int port = target.matches() ? Integer.parseInt(target.group(2)) : 0;
    if (port < 1 || port > PORT_MAX || !isOwn(target.group(1))) {
      stream.refuse("a tcp stream's target is 127.0.0.1:PORT or localhost:PORT");
      return;
    }
    try (Socket socket = connect(target.group(1), port)) {
      stream.accept();
      carry(stream, socket);
    } catch (RefusedException refused) {
      stream.refuse(refused.getMessage());
    }
  }

  /// Nothing took the connection.
  private static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message, IOException cause) {
      super(message, cause);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  private static boolean isOwn(String host) {
    return host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.");
  }

  /// IPv4 first; then, as servers on `localhost` may listen there only, IPv6.
  private static Socket connect(String host, int port) throws IOException {
    IOException last = new IOException("no address");
    String[] addresses =
        host.equals("[::1]") ? new String[] {"::1"} : new String[] {"127.0.0.1", "::1"};
    for (String address : addresses) {
      Socket socket = new Socket();
      try {
        socket.connect(
            new InetSocketAddress(InetAddress.getByName(address), port), CONNECT_WITHIN_MS);
        socket.setTcpNoDelay(true);
        return socket;
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    throw new RefusedException("nothing listens on port " + port + " of the workspace", last);
  }

  private static void carry(TunnelStream stream, Socket socket) throws IOException {
    Thread up =
        Thread.ofVirtual()
            .name("tcp-in")
            .start(() -> {
              try {
                copy(stream.input(), socket.getOutputStream());
                socket.shutdownOutput();
              } catch (IOException e) {
                close(socket);
              }
            });
    try {
      copy(socket.getInputStream(), stream.output());
      stream.shutdownOutput();
      up.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed.
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      out.write(buffer, 0, read);
    }
  }
}
