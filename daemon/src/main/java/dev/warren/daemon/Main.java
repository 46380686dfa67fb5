package dev.warren.daemon;

import dev.warren.daemon.os.Libc;
import dev.warren.daemon.process.GitIdentity;
import dev.warren.daemon.terminal.Terminals;
import dev.warren.protocol.CertificateFile;
import dev.warren.protocol.daemon.TerminalTarget;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.tunnel.AttachRefused;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.RelayAttachment;
import dev.warren.tunnel.RelayEndpoint;
import dev.warren.tunnel.TunnelException;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The daemon as a program: `--url URL --state DIR [--token-fd N | --token-file FILE]`, or
/// `--version`.
///
/// Exits with 78 when it must not come back: the control plane does not know it, or it had no
/// contact for a day. Its supervisor restarts it after anything else.
public final class Main {
  static final int EXIT_FAILED = 1;
  static final int EXIT_USAGE = 2;
  static final int EXIT_FOR_GOOD = 78;

  /// The bundle is another one now: the supervisor starts over with its own new text.
  static final int EXIT_UPDATED = 75;

  /// The bundle took another's place and cannot attach: the supervisor goes back to that one.
  static final int EXIT_GO_BACK = 76;

  /// Without contact for so long it is taken for forgotten.
  private static final Duration CONTACT_MAX = Duration.ofHours(24);

  /// How long git waits for a login.
  private static final Duration GIT_LOGIN_WITHIN = Duration.ofSeconds(15);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration REAP_EVERY = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] args) {
    if (List.of(args).equals(List.of("--version"))) {
      System.out.println("warren-daemon " + Version.current());
      return;
    }
    Arguments arguments;
    try {
      arguments = Arguments.parse(args);
    } catch (IllegalArgumentException wrong) {
      System.err.println("warren-daemon: " + wrong.getMessage());
      System.exit(EXIT_USAGE);
      return;
    }
    if (arguments.train()) {
      System.exit(Training.run());
    }
    int code;
    try {
      code = run(arguments);
    } catch (IOException failed) {
      System.err.println("warren-daemon: " + failed.getMessage());
      code = EXIT_FAILED;
    } catch (InterruptedException stopped) {
      code = 0;
    }
    System.exit(code);
  }

  private static int run(Arguments arguments) throws IOException, InterruptedException {
    Libc.makeUndumpable();
    Libc.becomeSubreaper();
    CertificateFile.trustNamedIn(System.getenv());
    DaemonToken token = DaemonToken.read(arguments);
    Path home = home(System.getenv());
    NodeIdentity identity = NodeIdentity.loadOrCreate(arguments.state());
    try (Daemon daemon = new Daemon(arguments.state(), home, System.getenv(), Clock.systemUTC());
        TunnelNode node = new TunnelNode(identity, stream -> serve(daemon, stream))) {
      daemon.start();
      Thread.ofVirtual().name("reaper").start(() -> reapOrphans(daemon));
      node.start();
      LOG.info("node {} attaches to {}", identity.id().brief(), arguments.url());
      RelayAttachment attachment =
          node.attach(
              new RelayEndpoint.Url(
                  arguments.url(), NodeRole.DAEMON, Version.current(), token::value));
      daemon.gitLogins(host -> attachment.gitLogin(host, GIT_LOGIN_WITHIN));
      Optional<SelfUpdate> update =
          SelfUpdate.of(arguments.url(), System.getProperty("warren.bundle", ""), daemon.exits());
      return watch(attachment, daemon, token, update);
    } catch (TunnelException noTunnel) {
      throw new IOException(noTunnel.getMessage(), noTunnel);
    }
  }

  /// Where the workspace is at home: as for every program, the environment says so before the
  /// user's entry does.
  private static Path home(Map<String, String> environment) {
    Path said = Path.of(environment.getOrDefault("HOME", ""));
    return said.isAbsolute() ? said : Path.of(System.getProperty("user.home", "/"));
  }

  /// Until the attachment is over for good.
  private static int watch(
      RelayAttachment attachment, Daemon daemon, DaemonToken token, Optional<SelfUpdate> update)
      throws InterruptedException {
    try {
      boolean wasAttached = false;
      long times = 0;
      while (true) {
        if (!daemon.isStateThere()) {
          LOG.error("the state folder was deleted: starting over without what it knew");
          return EXIT_FAILED;
        }
        boolean attached = attachment.awaitAttached(LOOK_EVERY);
        if (attached && attachment.times() != times) {
          times = attachment.times();
          LOG.info("attached");
          // A control plane that came back may be a newer one.
          if (update.isPresent()) {
            update.get().attached();
          }
        } else if (wasAttached && !attached) {
          LOG.info("not attached; trying on");
        }
        wasAttached = attached;
        // The next one has to attach as this one can.
        if (attached && update.isPresent() && update.get().isReady() && daemon.isUnused()) {
          update.get().swap();
          return EXIT_UPDATED;
        }
        if (!attached && update.isPresent() && update.get().hasFailed()) {
          return EXIT_GO_BACK;
        }
        if (attached) {
          token.used();
          attachment
              .owner()
              .ifPresent(owner -> daemon.gitIdentity(new GitIdentity(owner.name(), owner.email())));
          Thread.sleep(LOOK_EVERY);
        } else if (attachment.detachedFor().compareTo(CONTACT_MAX) > 0) {
          LOG.error("no contact for {} hours: ending for good", CONTACT_MAX.toHours());
          return EXIT_FOR_GOOD;
        }
      }
    } catch (AttachRefused refused) {
      LOG.error("refused: {}", refused.getMessage());
      return update.filter(SelfUpdate::isOnTrial).isPresent() ? EXIT_GO_BACK : EXIT_FOR_GOOD;
    } catch (IOException failed) {
      LOG.error("the update failed: {}", failed.getMessage());
      return EXIT_FAILED;
    }
  }

  static void serve(Daemon daemon, TunnelStream stream) throws IOException, InterruptedException {
    switch (stream.kind()) {
      case HTTP -> daemon.serveHttp(stream.input(), stream.output());
      case SSH -> serveSsh(daemon, stream);
      case TCP -> TcpForward.serve(stream);
      case TERMINAL -> serveTerminal(daemon, stream);
      case PING, SPEEDTEST -> stream.refuse("this daemon does not serve " + stream.kind() + " yet");
    }
  }

  /// The target is empty, or `host-key` for nothing but that line.
  private static void serveSsh(Daemon daemon, TunnelStream stream)
      throws IOException, InterruptedException {
    if (stream.target().equals("host-key")) {
      stream.output().write(daemon.ssh().hostKey().getBytes(StandardCharsets.US_ASCII));
      return;
    }
    stream.accept();
    daemon.serveSsh(stream.input(), stream.output(), stream::reset);
  }

  private static void serveTerminal(Daemon daemon, TunnelStream stream)
      throws IOException, InterruptedException {
    Optional<TerminalTarget> target = TerminalTarget.parse(stream.target());
    if (target.isEmpty()) {
      stream.refuse("no terminal: " + stream.target() + "; it is SESSION COLUMNSxROWS");
      return;
    }
    Terminals.Attached terminal;
    try {
      terminal = daemon.terminals().attach(target.get());
    } catch (IOException none) {
      stream.refuse(String.valueOf(none.getMessage()));
      return;
    }
    terminal.serve(stream.input(), stream.output());
  }

  /// Orphans of commands become the daemon's children; their exits have to be taken.
  private static void reapOrphans(Daemon daemon) {
    try {
      while (true) {
        Thread.sleep(REAP_EVERY);
        daemon.reapOrphans();
      }
    } catch (InterruptedException stopped) {
      LOG.debug("reaper stops");
    }
  }
}
