package dev.warren.server.workspace.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/// bubblewrap's arguments for a workspace. They travel in a file, since the command line of a
/// process is everybody's to read.
final class SandboxArguments {
  /// Seen as `/home/dev` inside.
  static final String HOME = "/home/dev";

  /// Bytes of `/dev/shm`.
  private static final int SHARED_MEMORY_BYTES = 256 * 1024 * 1024;

  /// The files of `/etc` that programs need. Not the folder: other services keep secrets there.
  private static final List<String> ETC =
      List.of(
          "alternatives bash.bashrc bash_completion.d ca-certificates ca-certificates.conf",
          "debian_version environment fonts gai.conf gitconfig host.conf hosts inputrc ld.so.cache",
          "ld.so.conf ld.so.conf.d locale.alias localtime login.defs magic mime.types networks",
          "nsswitch.conf os-release pki profile profile.d protocols resolv.conf rpc services shells",
          "ssh/ssh_config ssh/ssh_config.d ssl/certs ssl/openssl.cnf terminfo timezone vim wgetrc");

  /// Beginnings of further names of `/etc`, which carry versions.
  private static final List<String> ETC_PREFIXES = List.of("java-", "python3");

  private final List<String> words = new ArrayList<>();

  private SandboxArguments() {}

  /// @param hidden folders that must not be seen even where a system folder contains them
  static byte[] of(SandboxSpec spec, Collection<Path> hidden) {
    SandboxArguments arguments = new SandboxArguments();
    arguments.namespaces(spec);
    arguments.system(hidden);
    arguments.own(spec);
    arguments.environment();
    return (String.join("\0", arguments.words) + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private void namespaces(SandboxSpec spec) {
    add("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try");
    add("--hostname", spec.hostname(), "--new-session");
  }

  private void system(Collection<Path> hidden) {
    add("--ro-bind", "/usr", "/usr");
    for (String name : List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32")) {
      systemFolder(Path.of("/" + name));
    }
    for (String folder : List.of("/etc", "/etc/ssl", "/etc/ssh", "/home", "/run", "/var", "/opt")) {
      add("--perms", "0755", "--dir", folder);
    }
    for (Path folder : children(Path.of("/opt"))) {
      if (!folder.endsWith("warren")) {
        add("--ro-bind-try", folder.toString(), folder.toString());
      }
    }
    for (Path folder : hidden) {
      if (folder.startsWith("/usr") || folder.startsWith("/opt")) {
        add("--tmpfs", folder.toString(), "--remount-ro", folder.toString());
      }
    }
    for (String line : ETC) {
      for (String name : line.split(" ")) {
        add("--ro-bind-try", "/etc/" + name, "/etc/" + name);
      }
    }
    for (Path file : children(Path.of("/etc"))) {
      String name = file.getFileName().toString();
      if (ETC_PREFIXES.stream().anyMatch(name::startsWith)) {
        add("--ro-bind-try", file.toString(), file.toString());
      }
    }
  }

  /// `/bin` and its like are links into `/usr` on a merged system, folders of their own elsewhere.
  private void systemFolder(Path folder) {
    if (Files.isSymbolicLink(folder)) {
      try {
        add("--symlink", Files.readSymbolicLink(folder).toString(), folder.toString());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read the link " + folder, e);
      }
      return;
    }
    add("--ro-bind-try", folder.toString(), folder.toString());
  }

  private void own(SandboxSpec spec) {
    WorkspaceFolder folder = spec.folder();
    add("--ro-bind", folder.etc().resolve("passwd").toString(), "/etc/passwd");
    add("--ro-bind", folder.etc().resolve("group").toString(), "/etc/group");
    add("--proc", "/proc", "--dev", "/dev");
    add("--perms", "1777", "--size", Integer.toString(SHARED_MEMORY_BYTES), "--tmpfs", "/dev/shm");
    add("--symlink", "../tmp", "/var/tmp", "--bind", folder.tmp().toString(), "/tmp");
    add("--bind", folder.home().toString(), HOME);
    add("--ro-bind", spec.bundle().toString(), "/opt/warren");
    for (LocalMount mount : spec.mounts()) {
      add("--bind", mount.source().toString(), "/mnt/" + mount.name());
    }
    add("--remount-ro", "/", "--remount-ro", "/dev", "--chdir", HOME);
  }

  private void environment() {
    add("--clearenv");
    set("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    set("HOME", HOME);
    set("USER", "dev");
    set("LOGNAME", "dev");
    set("SHELL", "/bin/bash");
    set("LANG", "C.UTF-8");
    set("TERM", "xterm-256color");
  }

  private void set(String name, String value) {
    add("--setenv", name, value);
  }

  private void add(String... more) {
    Collections.addAll(words, more);
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> found = Files.list(folder)) {
      return found.sorted().toList();
    } catch (IOException _) {
      return List.of(); // no such folder on this host
    }
  }
}
