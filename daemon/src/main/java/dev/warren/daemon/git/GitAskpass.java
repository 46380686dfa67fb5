package dev.warren.daemon.git;

import dev.warren.protocol.tunnel.GitLogin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers git's questions for a login: a script for `GIT_ASKPASS`, and the socket that it asks.
/// Whoever may open the socket is the workspace's user, who owns the daemon anyway.
///
/// A question is one line, git's prompt; the answer two: [#GIVEN] and what git wants, or [#REFUSED]
/// and why.
public final class GitAskpass implements AutoCloseable {
  static final String GIVEN = "given";
  private static final String REFUSED = "refused";

  /// Longest prompt.
  private static final int PROMPT_BYTES_MAX = 4096;

  /// Questions at once; more are not accepted until one is answered.
  private static final int QUESTIONS_MAX = 32;

  /// Longest path that a socket may have, with some room: `sun_path` of unix(7) takes 108 bytes.
  private static final int SOCKET_PATH_BYTES_MAX = 100;

  private static final Logger LOG = LoggerFactory.getLogger(GitAskpass.class);

  private final Path script;
  private final Path socket;
  private final ServerSocketChannel listener;
  private final Semaphore room = new Semaphore(QUESTIONS_MAX);
  private volatile GitLogins logins =
      host -> {
        throw new IOException("the workspace was not yet attached to its control plane");
      };

  private GitAskpass(Path script, Path socket, ServerSocketChannel listener) {
    this.script = script;
    this.socket = socket;
    this.listener = listener;
  }

  /// Makes script and socket in the daemon's state folder, in place of an earlier daemon's.
  public static GitAskpass open(Path stateFolder) throws IOException {
    Path folder = Files.createDirectories(stateFolder.toAbsolutePath().resolve("git"));
    Path socket = socketIn(folder);
    Files.deleteIfExists(socket);
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
      return new GitAskpass(script(folder, socket), socket, listener);
    } catch (IOException | RuntimeException failed) {
      listener.close();
      throw failed;
    }
  }

  /// In the folder, or, when that lies too deep, in a new one for temporary files.
  private static Path socketIn(Path folder) throws IOException {
    Path near = folder.resolve("askpass.sock");
    return near.toString().getBytes(StandardCharsets.UTF_8).length <= SOCKET_PATH_BYTES_MAX
        ? near
        : Files.createTempDirectory("warren-git").resolve("askpass.sock");
  }

  /// What `GIT_ASKPASS` names.
  public Path script() {
    return script;
  }

  /// From now on, these.
  public void logins(GitLogins now) {
    logins = now;
  }

  public void start() {
    Thread.ofVirtual().name("git-askpass").start(this::accept);
  }

  /// The class path is the daemon's own: a class out of the class cache does not know its jar.
  private static Path script(Path folder, Path socket) throws IOException {
    Path script = folder.resolve("askpass");
    Path fresh = folder.resolve("askpass.new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(
        fresh,
        """
        #!/bin/sh
        # Git's GIT_ASKPASS: asks the workspace's daemon, which asks the control plane.
        unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
        exec %s -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx16m -Xshare:auto -XX:-UsePerfData \\
          -Xlog:disable -cp %s %s %s "$1"
        """
            .formatted(
                quoted(Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                quoted(System.getProperty("java.class.path")),
                Askpass.class.getName(),
                quoted(socket.toString())));
    return Files.move(fresh, script, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  private void accept() {
    try {
      while (true) {
        room.acquire();
        SocketChannel asking = listener.accept();
        Thread.ofVirtual()
            .name("git-question")
            .start(() -> {
              answer(asking);
              room.release();
            });
      }
    } catch (IOException | InterruptedException closed) {
      LOG.debug("no more questions of git: {}", closed.toString());
    }
  }

  private void answer(SocketChannel asking) {
    try (asking) {
      String text = answer(line(Channels.newInputStream(asking)));
      ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        asking.write(bytes);
      }
    } catch (IOException gone) {
      LOG.debug("git asks no more: {}", gone.getMessage());
    }
  }

  private String answer(String text) {
    try {
      GitPrompt prompt =
          GitPrompt.parse(text)
              .orElseThrow(() -> new IOException("this is no question of git's for an HTTP login"));
      if (!prompt.isPrivate()) {
        throw new IOException(
            "no login goes to %s without encryption: use https".formatted(prompt.host()));
      }
      GitLogin login = logins.at(prompt.host());
      return GIVEN + "\n" + prompt.wanted().of(login);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return REFUSED + "\nthe daemon stops";
    } catch (IOException none) {
      return REFUSED + "\n" + String.valueOf(none.getMessage()).replace('\n', ' ');
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (line.size() == PROMPT_BYTES_MAX) {
        throw new IOException("a prompt over " + PROMPT_BYTES_MAX + " bytes");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(socket);
    Path folder = Objects.requireNonNull(socket.getParent());
    if (!folder.equals(script.getParent())) {
      Files.deleteIfExists(folder);
    }
  }
}
