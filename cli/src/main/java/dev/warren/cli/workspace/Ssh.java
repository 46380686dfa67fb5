package dev.warren.cli.workspace;

import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.cli.client.Interrupts;
import dev.warren.cli.client.ThisProgram;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.TunnelStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `warren ssh`: a shell or a command in a workspace, by the system's own `ssh`, whose
/// `ProxyCommand` is this command with `--stdio`.
@Command(
    name = "ssh",
    mixinStandardHelpOptions = true,
    description = {
      "Open a shell in a workspace, or run a command there.",
      "Starts a stopped workspace. Needs OpenSSH's client, except with --stdio."
    })
public final class Ssh implements Callable<Integer> {
  /// The longest host key that is read.
  private static final int KEY_BYTES_MAX = 1024;

  @Parameters(index = "0", paramLabel = "WORKSPACE", description = "its name or id")
  private String workspace = "";

  @Parameters(
      index = "1..*",
      paramLabel = "COMMAND",
      description = "what to run there, behind '--'; a shell without it")
  private List<String> command = new ArrayList<>();

  @Option(names = "--stdio", description = "carry ssh's protocol: for ssh's ProxyCommand")
  private boolean stdio;

  @Option(
      names = {"-t", "--tty"},
      description = "a terminal for the command too")
  private boolean tty;

  @Option(
      names = {"-A", "--forward-agent"},
      description = "let the workspace use your ssh agent")
  private boolean forwardAgent;

  @Override
  public Integer call() throws Exception {
    return stdio ? carry() : run();
  }

  private int run() throws InterruptedException {
    String name;
    try (Api api = Api.signedIn()) {
      // Here, so that a start shows on the terminal before ssh takes it.
      name = RunningWorkspace.of(api, workspace, Console.progress()).name();
    }
    List<String> line = new ArrayList<>(List.of("ssh"));
    SshOptions.of(ThisProgram.quoted(name), KnownHosts.ofUser(System.getenv()).file())
        .forEach((option, value) -> line.addAll(List.of("-o", option + "=" + value)));
    if (tty) {
      line.add("-t");
    }
    if (forwardAgent) {
      line.add("-A");
    }
    line.add(name + RunningWorkspace.SUFFIX);
    if (!command.isEmpty()) {
      line.add("--");
      line.addAll(command);
    }
    Process ssh;
    try {
      ssh = new ProcessBuilder(line).inheritIO().start();
    } catch (IOException e) {
      throw new Failure("OpenSSH's 'ssh' is needed and cannot be run: install openssh-client", e);
    }
    // Ctrl-C is ssh's: it reaches both, and ssh decides what ends.
    Interrupts.handle(() -> {});
    return ssh.waitFor();
  }

  private int carry() {
    try (Api api = Api.signedIn();
        WorkspaceTunnel tunnel = WorkspaceTunnel.open(api, workspace, Console.progress());
        TunnelStream stream = tunnel.stream(StreamKind.SSH, "");
        OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      KnownHosts.ofUser(System.getenv()).remember(tunnel.name(), hostKey(tunnel));
      tunnel.whenGone(why -> {
        System.err.println("warren: " + why.plain());
        Runtime.getRuntime().halt(1);
      });
      Optional<IOException> early = StreamCopy.run(stream, System.in, out, out::close);
      if (early.isPresent()) {
        throw tunnel
            .gone()
            .orElseGet(() ->
                new Failure(
                    "the connection to %s broke: %s"
                        .formatted(tunnel.name(), early.get().getMessage()),
                    early.get()));
      }
      return 0;
    } catch (IOException e) {
      throw new Failure("cannot write ssh's bytes: " + e.getMessage(), e);
    }
  }

  private static String hostKey(WorkspaceTunnel tunnel) {
    try (TunnelStream stream = tunnel.stream(StreamKind.SSH, "host-key")) {
      byte[] key = stream.input().readNBytes(KEY_BYTES_MAX);
      return new String(key, StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new Failure(
          "the workspace %s does not say its host key: %s".formatted(tunnel.name(), e.getMessage()),
          e);
    }
  }
}
