package dev.warren.daemon.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that mean no good, seeded: noise in place of a key exchange, and behind a good one
/// messages of RFC 4254 with wrong lengths, numbers and contents. The server may end such a
/// connection; it serves the next client, and no thread or process of a broken one stays.
/// `-Dwarren.fuzz.seconds=600` runs it for so long, `-Dwarren.fuzz.seed` repeats a run's choices.
final class SshFuzzTest {
  private static final long SECONDS = Long.getLong("warren.fuzz.seconds", 2);
  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final int MESSAGES = 40;

  /// Channels of ours are numbered from here on, so that a session of the client's own library does
  /// not take an answer for its.
  private static final int OWN_CHANNELS = 1_000;

  private static final List<String> CHANNELS =
      List.of(
          "session", "direct-tcpip", "forwarded-tcpip", "direct-streamlocal@openssh.com", "x11");

  /// None that gives the server words to run: these are random.
  private static final List<String> REQUESTS =
      List.of(
          "pty-req",
          "env",
          "window-change",
          "signal",
          "subsystem",
          "auth-agent-req@openssh.com",
          "x11-req",
          "exit-status",
          "eow@openssh.com");

  private static final List<String> GLOBAL_REQUESTS =
      List.of(
          "tcpip-forward",
          "cancel-tcpip-forward",
          "streamlocal-forward@openssh.com",
          "cancel-streamlocal-forward@openssh.com",
          "keepalive@openssh.com",
          "no-more-sessions@openssh.com");

  private static final int[] BORDERS = {
    0, 1, 127, 32_768, 65_535, 65_536, 0x7fff_ffff, 0x8000_0000, -1
  };

  @TempDir private Path folder;

  @Test
  void theNextClientIsServedWhateverTheLastOneSent() throws Exception {
    long seed = Long.getLong("warren.fuzz.seed", System.nanoTime());
    Random random = new Random(seed);
    Path home = Files.createDirectory(folder.resolve("home"));
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    int rounds = 0;
    try (OurServer server = new OurServer(folder, home, folder.resolve("key"));
        SshClient client = SshClient.setUpDefaultClient()) {
      client.setServerKeyVerifier((_, _, _) -> true);
      client.start();
      assertServed(client, server, "the first client");
      int threads = Thread.activeCount();
      while (rounds == 0 || System.nanoTime() < end) {
        rounds++;
        noise(server.port(), random);
        nonsense(client, server.port(), random);
        assertServed(client, server, "seed %d, after %d rounds".formatted(seed, rounds));
      }
      assertThat(Thread.activeCount()).as("seed %d", seed).isLessThan(threads + 32);
    }
    System.out.println("seed " + seed + ": " + rounds + " rounds of " + MESSAGES + " messages");
    try (var children = ProcessHandle.current().descendants()) {
      assertThat(children.filter(ProcessHandle::isAlive)).as("seed %d", seed).isEmpty();
    }
  }

  private static void assertServed(SshClient client, OurServer server, String when)
      throws IOException {
    try (ClientSession next = connect(client, server.port())) {
      assertThat(next.executeRemoteCommand("echo served")).as(when).isEqualTo("served\n");
    }
  }

  private static void noise(int port, Random random) {
    byte[] bytes = new byte[random.nextInt(4_096)];
    random.nextBytes(bytes);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      if (random.nextInt(4) != 0) {
        socket.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      socket.getOutputStream().write(bytes);
    } catch (IOException ended) {
      assertThat(ended).isNotNull(); // the server had enough
    }
  }

  private static void nonsense(SshClient client, int port, Random random) throws IOException {
    try (ClientSession session = connect(client, port)) {
      try {
        for (int i = 0; i < MESSAGES && session.isOpen(); i++) {
          session.writePacket(message(session, random));
        }
      } catch (IOException ended) {
        assertThat(ended).isNotNull(); // the server had enough
      }
    }
  }

  private static Buffer message(ClientSession session, Random random) throws IOException {
    byte command =
        one(
            random,
            SshConstants.SSH_MSG_GLOBAL_REQUEST,
            SshConstants.SSH_MSG_CHANNEL_OPEN,
            SshConstants.SSH_MSG_CHANNEL_REQUEST,
            SshConstants.SSH_MSG_CHANNEL_DATA,
            SshConstants.SSH_MSG_CHANNEL_EXTENDED_DATA,
            SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST,
            SshConstants.SSH_MSG_CHANNEL_EOF,
            SshConstants.SSH_MSG_CHANNEL_CLOSE,
            (byte) (80 + random.nextInt(21)));
    Buffer message = session.createBuffer(command, 1_024);
    switch (command) {
      case SshConstants.SSH_MSG_GLOBAL_REQUEST -> {
        message.putString(pick(random, GLOBAL_REQUESTS));
        message.putBoolean(random.nextBoolean());
        message.putString(words(random));
        message.putInt(number(random));
      }
      case SshConstants.SSH_MSG_CHANNEL_OPEN -> {
        message.putString(pick(random, CHANNELS));
        message.putInt(OWN_CHANNELS + random.nextInt(8));
        message.putInt(number(random));
        message.putInt(number(random));
        message.putString(words(random));
        message.putInt(number(random));
      }
      case SshConstants.SSH_MSG_CHANNEL_REQUEST -> {
        message.putInt(channel(random));
        message.putString(pick(random, REQUESTS));
        message.putBoolean(random.nextBoolean());
        message.putString(words(random));
        message.putInt(number(random));
        message.putInt(number(random));
      }
      default -> message.putInt(channel(random));
    }
    byte[] rest = new byte[random.nextInt(200)];
    random.nextBytes(rest);
    if (random.nextBoolean()) {
      message.putBytes(rest); // with its length
    } else {
      message.putInt(number(random)); // with another length
      message.putRawBytes(rest);
    }
    return message;
  }

  /// Often one that the server has opened: it numbers from 0 on.
  private static int channel(Random random) {
    return random.nextInt(3) == 0 ? number(random) : random.nextInt(4);
  }

  private static int number(Random random) {
    return random.nextInt(3) == 0 ? random.nextInt() : BORDERS[random.nextInt(BORDERS.length)];
  }

  /// Printable, since the server's log names what it does not know.
  private static String words(Random random) {
    return random
        .ints(random.nextInt(64), ' ', '~' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String pick(Random random, List<String> names) {
    return random.nextInt(8) == 0 ? words(random) : names.get(random.nextInt(names.size()));
  }

  private static byte one(Random random, byte... commands) {
    return commands[random.nextInt(commands.length)];
  }

  private static ClientSession connect(SshClient client, int port) throws IOException {
    ClientSession session = client.connect("root", "127.0.0.1", port).verify(WITHIN).getSession();
    session.auth().verify(WITHIN);
    return session;
  }
}
