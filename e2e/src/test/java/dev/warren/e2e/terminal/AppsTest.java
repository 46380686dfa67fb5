package dev.warren.e2e.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.Eventually;
import dev.warren.e2e.kit.WarrenProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ports of a workspace on their own origins: what comes through, and what must not.
final class AppsTest {
  private static final Duration WITHIN = Duration.ofSeconds(30);

  /// Answers with the request that it got; below /ws it switches protocols and echoes.
  private static final String APP =
      """
      import base64, hashlib, http.server, sys, time
      class H(http.server.BaseHTTPRequestHandler):
          def reply(self, body=b''):
              if self.path == '/ws':
                  self.send_response_only(101)
                  self.send_header('Upgrade', 'echo'); self.send_header('Connection', 'Upgrade')
                  self.end_headers(); self.wfile.flush()
                  while True:
                      line = self.rfile.readline()
                      if not line: return
                      self.wfile.write(b'echo ' + line); self.wfile.flush()
              if self.path == '/slow':
                  self.send_response(200); self.end_headers()
                  for i in range(1000):
                      self.wfile.write(b'tick\\n'); self.wfile.flush(); time.sleep(0.1)
              seen = (self.command + ' ' + self.path + '\\n' + str(self.headers)).encode() + body
              self.send_response(200)
              self.send_header('Set-Cookie', 'warren_session=stolen; Path=/')
              self.send_header('Set-Cookie', 'mine=1; Domain=localhost; Path=/')
              self.send_header('Location', 'http://localhost:%d/next' % port)
              self.send_header('Content-Length', str(len(seen)))
              self.end_headers()
              if self.command != 'HEAD': self.wfile.write(seen)
          def do_GET(self): self.reply()
          def do_HEAD(self): self.reply()
          def do_POST(self):
              n = int(self.headers.get('Content-Length') or 0)
              body = self.rfile.read(n)
              self.reply(hashlib.sha256(body).hexdigest().encode())
          def log_message(self, *a): pass
      s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), H); port = s.server_address[1]
      print('port=%d' % port, flush=True); s.serve_forever()
      """;

  @TempDir private Path folder;

  @Test
  void portOpensForItsOwnerOnItsOwnOriginAndNothingElseDoes() throws Exception {
    try (WarrenProcess warren = new WarrenProcess(folder, Map.of())) {
      ApiClient api = warren.signIn();
      String workspace = api.createLocalWorkspace("apps");
      int port = startApp(api, workspace);
      Eventually.holds(
          "the port is listed",
          WITHIN,
          () ->
              api.get("/workspaces/" + workspace + "/ports")
                  .path("ports")
                  .valueStream()
                  .anyMatch(one -> one.path("port").asInt() == port));

      String links = "/workspaces/" + workspace + "/ports/" + port + "/link";
      URI link = URI.create(api.post(links, Map.of("path", "/a?b=c")).path("url").asString());
      String host = link.getRawAuthority();
      assertThat(host).startsWith(port + "-" + workspace.replace("-", "") + ".localhost:");
      int controlPort = URI.create(warren.url()).getPort();
      Origin origin = new Origin(controlPort, host);

      // Without the cookie, and with a bad link, there is nothing.
      assertThat(origin.get("/", "")).startsWith("HTTP/1.1 401");
      assertThat(origin.get("/api/v1/users/me", "Authorization: Bearer " + api.token()))
          .startsWith("HTTP/1.1 401");
      assertThat(origin.get("/.warren/open?token=guess", "")).startsWith("HTTP/1.1 403");

      String entered = origin.get(link.getRawPath() + "?" + link.getRawQuery(), "");
      assertThat(entered)
          .startsWith("HTTP/1.1 303")
          .contains("Location: http://" + host + "/a?b=c");
      assertThat(entered).contains("HttpOnly", "SameSite=Lax");
      assertThat(origin.get(link.getRawPath() + "?" + link.getRawQuery(), ""))
          .as("a link is good once")
          .startsWith("HTTP/1.1 403");
      String cookie = "Cookie: " + first(entered, "(warren_app=[^;]+)");

      // What comes through, and what does not.
      String seen =
          origin.get(
              "/x/y?q=%20",
              cookie
                  + "; warren_session=secret; other=1\r\nX-Warren-CSRF: s\r\nOrigin: http://"
                  + host);
      assertThat(seen).startsWith("HTTP/1.1 200");
      String lower = seen.toLowerCase(Locale.ROOT);
      assertThat(seen).contains("Host: localhost:" + port, "Origin: http://localhost:" + port);
      assertThat(seen).contains("Cookie: other=1\r\n".replace("\r", ""));
      assertThat(lower).doesNotContain("secret", "x-warren-csrf", "domain=localhost", "stolen");
      assertThat(seen).contains("X-Forwarded-Host: " + host);
      assertThat(seen).contains("Location: http://" + host + "/next");
      assertThat(origin.send("HEAD", "/", cookie, new byte[0])).startsWith("HTTP/1.1 200");
      byte[] body = new byte[3_000_000];
      new java.util.Random(5).nextBytes(body);
      assertThat(origin.send("POST", "/up", cookie, body))
          .contains(
              java.util.HexFormat.of()
                  .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(body)));

      // Pages of other origins do not use the cookie.
      for (String foreign :
          new String[] {
            "Origin: http://evil.example",
            "Origin: http://127.0.0.1:" + controlPort,
            "Origin: http://" + port + "-" + "0".repeat(32) + ".localhost:" + controlPort,
            "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image",
            "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe"
          }) {
        assertThat(origin.get("/", cookie + "\r\n" + foreign)).startsWith("HTTP/1.1 403");
      }
      // The cookie is for this port only.
      String otherHost = host.replaceFirst("^" + port, "" + (port + 1));
      assertThat(new Origin(controlPort, otherHost).get("/", cookie)).startsWith("HTTP/1.1 401");
      // A page of the app does not use the session: its origin is refused at the control plane.
      String own = "127.0.0.1:" + controlPort;
      assertThat(
              new Origin(controlPort, own)
                  .send("POST", "/api/v1/tokens", "Origin: http://" + host, new byte[0]))
          .startsWith("HTTP/1.1 403");

      socketCarriesBytesAndEndsWithTheToken(api, workspace, port, controlPort);
    }
  }

  private static void socketCarriesBytesAndEndsWithTheToken(
      ApiClient api, String workspace, int port, int controlPort) throws Exception {
    String token =
        api.post("/tokens", Map.of("name", "t", "lifetime_s", 3600)).path("token").asString();
    String tokenId = api.get("/tokens").path("items").get(0).path("id").asString();
    ApiClient byToken = ApiClient.withToken(api.url(), token);
    URI link =
        URI.create(
            byToken
                .post("/workspaces/" + workspace + "/ports/" + port + "/link", Map.of())
                .path("url")
                .asString());
    Origin origin = new Origin(controlPort, link.getRawAuthority());
    String entered = origin.get(link.getRawPath() + "?" + link.getRawQuery(), "");
    String cookie = "Cookie: " + first(entered, "(warren_app=[^;]+)");
    try (Socket socket =
            origin.open("GET", "/ws", cookie + "\r\nConnection: Upgrade\r\nUpgrade: echo");
        Socket slow = origin.open("GET", "/slow", cookie)) {
      InputStream in = socket.getInputStream();
      assertThat(head(in)).startsWith("HTTP/1.1 101");
      socket.getOutputStream().write("one\n".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(in.readNBytes(9), StandardCharsets.UTF_8)).isEqualTo("echo one\n");
      socket.getOutputStream().write("two\n".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(in.readNBytes(9), StandardCharsets.UTF_8)).isEqualTo("echo two\n");
      assertThat(head(slow.getInputStream())).startsWith("HTTP/1.1 200");
      api.delete("/tokens/" + tokenId);
      assertThat(in.read()).isEqualTo(-1);
      Eventually.holds("the slow answer ends", WITHIN, () -> ended(slow));
    }
    assertThat(origin.get("/", cookie)).startsWith("HTTP/1.1 401");
  }

  private static boolean ended(Socket socket) {
    try {
      byte[] bytes = new byte[8192];
      int n = socket.getInputStream().read(bytes);
      String text = n < 0 ? "" : new String(bytes, 0, n, StandardCharsets.US_ASCII);
      return n < 0 || text.endsWith("0\r\n\r\n");
    } catch (IOException reset) {
      return true;
    }
  }

  private static int startApp(ApiClient api, String workspace) {
    try (TerminalSocket terminal = new TerminalSocket(api, workspace, UUID.randomUUID())) {
      terminal.type("stty -echo; cat > app.py; python3 app.py\n");
      terminal.awaitText("stty");
      terminal.type(APP);
      terminal.type("\004");
      Eventually.holds(
          "the app listens", WITHIN, () -> terminal.screen().matches("(?s).*port=\\d+\r?\n.*"));
      return Integer.parseInt(first(terminal.screen(), "port=(\\d+)\r?\n"));
    }
  }

  private static String first(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
    return matcher.group(1);
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("in the middle of " + head).isNotNegative();
      head.append((char) next);
    }
    return head.toString();
  }

  /// The control plane by another name; no resolver is asked.
  private record Origin(int port, String host) {
    Socket open(String method, String target, String headers) throws IOException {
      Socket socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout((int) WITHIN.toMillis());
      String lines = headers.isEmpty() ? "" : headers + "\r\n";
      socket
          .getOutputStream()
          .write(
              (method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + lines + "\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return socket;
    }

    String get(String target, String headers) throws IOException {
      return send("GET", target, headers, new byte[0]);
    }

    String send(String method, String target, String headers, byte[] body) throws IOException {
      String more = "Connection: close\r\nContent-Length: " + body.length;
      String all = headers.isEmpty() ? more : headers + "\r\n" + more;
      try (Socket socket = open(method, target, all)) {
        socket.getOutputStream().write(body);
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }
}
