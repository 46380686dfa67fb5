package dev.warren.daemon.git;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The program behind `GIT_ASKPASS`: `Askpass SOCKET PROMPT` prints what git wants, or says on its
/// standard error why not and fails; git then asks the person, if there is one. It uses nothing but
/// the JDK's base, since it starts twice for each `git push`.
public final class Askpass {
  private Askpass() {}

  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("usage: Askpass SOCKET PROMPT");
      System.exit(2);
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      out.println(ask(Path.of(args[0]), args[1]));
    } catch (IOException none) {
      System.err.println("warren: " + none.getMessage());
      System.exit(1);
    }
  }

  private static String ask(Path socket, String prompt) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      String line = prompt.replace('\n', ' ') + "\n";
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
      String status = answer.readLine();
      String text = answer.readLine();
      if (status == null || text == null) {
        throw new IOException("the workspace's daemon did not answer");
      }
      if (!status.equals(GitAskpass.GIVEN)) {
        throw new IOException(text);
      }
      return text;
    }
  }
}
