package dev.warren.server.workspace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warren.server.workspace.daemon.DaemonCallException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A daemon that answers whatever it likes: it is in the hands of whoever is in the workspace.
class HostileDaemonTest {
  private static final String INFO =
      "{\"version\":\"1\",\"store_id\":\"%s\",\"os\":\"linux\",\"arch\":\"amd64\",\"home\":\"/h\",\"working_directory\":\"/h\",\"user\":\"u\",\"shell\":\"/bin/sh\"}"
          .formatted(new UUID(1, 2));

  @Test
  void rightAnswerIsReadAlsoWithMembersOfANewerVersion() throws Exception {
    String body = INFO.replace("{\"version\"", "{\"new_member\":[1],\"version\"");
    assertThat(client(answer("200 OK", body)).info().home()).isEqualTo("/h");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n{}",
        "HTTP/1.1 2000 OK\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFF\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
        "HTTP/1.1 204 No\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 500 X\r\nContent-Length: 6\r\n\r\n<html>",
      })
  void answerThatIsNotAsDocumentedIsAPlainFailure(String bytes) {
    DaemonCallException failed = failure(client(in(bytes)));
    assertThat(failed.kind()).isIn(Kind.MALFORMED, Kind.UNANSWERED);
    assertThat(failed.getMessage()).startsWith("the ").doesNotContain("null");
  }

  @Test
  void informationalResponsesWithoutEndAreRefused() {
    assertThat(failure(client(in("HTTP/1.1 100 Continue\r\n\r\n".repeat(20)))).kind())
        .isEqualTo(Kind.MALFORMED);
  }

  @Test
  void bodyWithoutEndIsCutAtTheLimit() {
    InputStream endless =
        new SequenceInputStream(
            in("HTTP/1.1 200 OK\r\n\r\n"),
            new InputStream() {
              @Override
              public int read() {
                return ' ';
              }

              @Override
              public int read(byte[] target, int offset, int length) {
                java.util.Arrays.fill(target, offset, offset + length, (byte) ' ');
                return length;
              }
            });
    assertThat(failure(client(endless)).kind()).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void deepJsonIsRefused() {
    String deep = "{\"new_member\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
    assertThat(failure(client(answer("200 OK", deep))).kind()).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void answerThatDripsEndsAtTheDeadline() {
    InputStream dripping =
        new InputStream() {
          private int reads;

          @Override
          public int read() throws IOException {
            throw new SocketTimeoutException("as the stream's own timeout says");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            if (reads++ > 3) {
              return read();
            }
            target[offset] = 'H';
            return 1;
          }
        };
    DaemonCallException failed = failure(client(dripping));
    assertThat(failed.kind()).isEqualTo(Kind.UNANSWERED);
    assertThat(failed.getMessage()).contains("did not answer within");
  }

  @Test
  void problemIsARefusalWithItsType() {
    String problem =
        "{\"type\":\"/problems/lease\",\"title\":\"Conflict\",\"status\":409,\"detail\":\"newer owner\",\"errors\":[]}";
    DaemonCallException failed = failure(client(answer("409 Conflict", problem)));
    assertThat(failed.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failed.is("/problems/lease")).isTrue();
    assertThat(failed).hasMessage("newer owner");
  }

  @Test
  void randomBytesNeverGetFurtherThanAFailure() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String valid = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(INFO.length(), INFO);
    for (int round = 0; round < 3_000; round++) {
      byte[] bytes = valid.getBytes(StandardCharsets.US_ASCII);
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        client(new ByteArrayInputStream(bytes)).info();
      } catch (DaemonCallException expected) {
        assertThat(expected.kind()).as("seed %d", seed).isNotEqualTo(Kind.UNREACHED);
      } catch (InterruptedException unexpected) {
        throw new AssertionError("seed " + seed, unexpected);
      }
    }
  }

  @Test
  void effectsCarryTheirIdStoreAndLease() throws Exception {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    String written = "{\"path\":\"/x\",\"size_bytes\":1,\"created\":true,\"sha256\":\"ab\"}";
    DaemonClient client = client(answer("200 OK", written), sent);
    client.put("/a b?&", new byte[] {'x'}, new Effect(new UUID(7, 7), "store", "chat/3"));
    assertThat(sent.toString(StandardCharsets.ISO_8859_1))
        .startsWith("PUT /v1/files?path=%2Fa+b%3F%26 HTTP/1.1\r\n")
        .contains("Idempotency-Key: " + new UUID(7, 7) + "\r\n")
        .contains("Warren-Store: store\r\n")
        .contains("Warren-Lease: chat/3\r\n")
        .endsWith("\r\n\r\nx");
  }

  private static DaemonCallException failure(DaemonClient client) {
    return catchThrowableOfType(DaemonCallException.class, client::info);
  }

  private static InputStream answer(String status, String body) {
    return in("HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s".formatted(status, body.length(), body));
  }

  private static InputStream in(String bytes) {
    return new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static DaemonClient client(InputStream answer) {
    return client(answer, OutputStream.nullOutputStream());
  }

  private static DaemonClient client(InputStream answer, OutputStream sent) {
    return new DaemonClient(within -> new Canned(answer, sent));
  }

  private record Canned(InputStream input, OutputStream output) implements DaemonStream {
    @Override
    public void readTimeout(Duration timeout) {
      assertThat(timeout).isPositive();
    }

    @Override
    public void close() {}
  }
}
