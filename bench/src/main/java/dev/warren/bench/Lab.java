package dev.warren.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A small internet of network namespaces: a public network with a host on it, and two sites, each
/// one machine behind a router of its own.
///
/// `inet` is 198.51.100.1; the routers are .11 and .12; the machines 10.0.1.2 and 10.0.2.2, or on
/// the public network themselves.
final class Lab implements AutoCloseable {
  /// What a site's router does.
  enum Nat {
    NONE,
    EASY,
    HARD,
    NO_UDP
  }

  static final String HOST = "198.51.100.1";
  private final String prefix = "warren" + ProcessHandle.current().pid();
  private final List<String> spaces = new ArrayList<>();

  /// Whether namespaces can be made here.
  static boolean works() {
    return ProcessHandle.current().info().user().filter("root"::equals).isPresent()
        && run(true, "sh", "-c", "command -v iptables && command -v ip") == 0;
  }

  Lab(Nat one, Nat other) {
    try {
      space("inet");
      ip("inet", "link add br0 type bridge");
      ip("inet", "link set br0 up");
      ip("inet", "addr add " + HOST + "/24 dev br0");
      site(1, one);
      site(2, other);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// A command as it runs at one of `inet`, `n1`, `n2`.
  List<String> at(String space, List<String> command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", prefix + space));
    all.addAll(command);
    return all;
  }

  /// Drops what passes this site's router, all or UDP only, or no more.
  void drop(int site, boolean udpOnly, boolean begin) {
    router(site, (begin ? "-I" : "-D") + " FORWARD" + (udpOnly ? " -p udp" : "") + " -j DROP");
  }

  /// From now on this site's router loses so many of a hundred packets, each way, by chance.
  void lose(int site, int percent) {
    router(
        site,
        "-I FORWARD -m statistic --mode random --probability 0.%02d -j DROP".formatted(percent));
  }

  /// Puts two network devices of this machine between a site on the public network and the host, in
  /// place of the bridge: what is between them is their maker's.
  void wire(int site, String near, String far) {
    String machine = "n" + site;
    ip(machine, "link set eth0 down");
    run(false, "ip", "link", "set", near, "netns", prefix + machine);
    ip(machine, "addr add 10.9.0.2 peer 10.9.0.1 dev " + near);
    ip(machine, "link set " + near + " up");
    ip(machine, "route add default dev " + near);
    run(false, "ip", "link", "set", far, "netns", prefix + "inet");
    ip("inet", "addr add 10.9.0.1 peer 10.9.0.2 dev " + far);
    ip("inet", "link set " + far + " up");
  }

  /// The site's machine gets another address, as if it had changed its network.
  void move(int site) {
    ip("n" + site, "addr flush dev eth0");
    ip("n" + site, "addr add 10.0." + site + ".77/24 dev eth0");
    ip("n" + site, "route add default via 10.0." + site + ".1");
  }

  @Override
  public void close() {
    for (String space : spaces.reversed()) {
      run(true, "ip", "netns", "del", prefix + space);
    }
  }

  private void site(int site, Nat nat) {
    space("n" + site);
    String machine = "n" + site;
    if (nat == Nat.NONE) {
      pair(site, "inet", machine, "eth0");
      ip(machine, "addr add 198.51.100.2" + site + "/24 dev eth0");
      return;
    }
    String router = "r" + site;
    space(router);
    pair(site, "inet", router, "wan");
    ip(router, "addr add 198.51.100.1" + site + "/24 dev wan");
    run(
        false,
        "ip",
        "link",
        "add",
        "lan",
        "netns",
        prefix + router,
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        prefix + machine);
    ip(router, "addr add 10.0." + site + ".1/24 dev lan");
    ip(router, "link set lan up");
    ip(machine, "addr add 10.0." + site + ".2/24 dev eth0");
    ip(machine, "link set eth0 up");
    ip(machine, "route add default via 10.0." + site + ".1");
    exec(router, "sysctl -qw net.ipv4.ip_forward=1");
    // What nobody inside has asked for stays outside.
    router(site, "-A FORWARD -i wan -m state --state NEW -j DROP");
    // And leaves no trace: what the router took for its own would use up the port.
    router(site, "-A INPUT -i wan -p udp -j DROP");
    router(
        site, "-t nat -A POSTROUTING -o wan -j MASQUERADE" + (nat == Nat.HARD ? " --random" : ""));
    if (nat == Nat.NO_UDP) {
      drop(site, true, true);
    }
  }

  private void pair(int site, String bridgeSpace, String space, String name) {
    String bridged = "port" + site;
    run(
        false,
        "ip",
        "link",
        "add",
        bridged,
        "netns",
        prefix + bridgeSpace,
        "type",
        "veth",
        "peer",
        "name",
        name,
        "netns",
        prefix + space);
    ip(bridgeSpace, "link set " + bridged + " master br0");
    ip(bridgeSpace, "link set " + bridged + " up");
    ip(space, "link set " + name + " up");
  }

  private void space(String name) {
    run(false, "ip", "netns", "add", prefix + name);
    spaces.add(name);
    ip(name, "link set lo up");
  }

  private void ip(String space, String command) {
    List<String> all = new ArrayList<>(List.of("ip", "-n", prefix + space));
    all.addAll(List.of(command.split(" ", -1)));
    run(false, all.toArray(String[]::new));
  }

  private void router(int site, String rule) {
    exec("r" + site, "iptables " + rule);
  }

  private void exec(String space, String command) {
    run(false, at(space, List.of(command.split(" ", -1))).toArray(String[]::new));
  }

  private static int run(boolean mayFail, String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      if (!mayFail && process.exitValue() != 0) {
        throw new IllegalStateException("failed: " + String.join(" ", command));
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
