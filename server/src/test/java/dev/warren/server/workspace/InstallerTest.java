package dev.warren.server.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `install.sh` says when it cannot go on; that it can is seen where a real daemon comes.
final class InstallerTest {
  @TempDir Path folder;
  private Path script;
  private final Map<String, String> environment = new HashMap<>();
  private Path bin;

  @BeforeEach
  void begins() throws Exception {
    script = folder.resolve("install.sh");
    try (var in = DaemonRoutes.class.getResourceAsStream("install.sh")) {
      Files.copy(in, script);
    }
    bin = Files.createDirectories(folder.resolve("bin"));
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    assertThat(install()).contains("say where the control plane is");
    assertThat(install("--url")).contains("--url needs a value");
    assertThat(install("--colour", "red")).contains("unknown argument --colour");
    assertThat(install("--url", "http://127.0.0.1:9")).contains("a token is needed the first time");
  }

  @Test
  void saysWhereItCannotRun() throws Exception {
    program("uname", "[ \"$1\" = -m ] && echo x86_64 || echo Darwin");
    assertThat(install("--url", "http://127.0.0.1:9")).contains("runs on Linux, not on darwin");
    program("uname", "[ \"$1\" = -m ] && echo riscv64 || echo Linux");
    assertThat(install("--url", "http://127.0.0.1:9")).contains("not on riscv64");
  }

  @Test
  void saysThatTheControlPlaneCannotBeReached() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "wrd_x");
    program("curl", "exit 7");

    String said = install("--url", "http://127.0.0.1:9/", "--token-file", token.toString());

    assertThat(said)
        .contains("cannot fetch the daemon from http://127.0.0.1:9")
        .doesNotContain("wrd_x");
  }

  @Test
  void asksWithTheGivenAuthorityWhatTheSystemsDoNotAccept() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "wrd_x");
    Path authority = Files.writeString(folder.resolve("ca.pem"), "");
    program("curl", "echo \"$*\" >> " + folder.resolve("asked") + "; exit 60");
    environment.put("WARREN_CA_FILE", authority.toString());

    install("--url", "https://127.0.0.1:9", "--token-file", token.toString());

    assertThat(Files.readAllLines(folder.resolve("asked")))
        .filteredOn(line -> line.contains(".sha256"))
        .satisfiesExactly(
            first -> assertThat(first).doesNotContain("--cacert"),
            second -> assertThat(second).contains("--cacert " + authority));
  }

  @Test
  void namesAnAuthoritysFileThatIsNotThere() throws Exception {
    environment.put("WARREN_CA_FILE", "none.pem");

    assertThat(install("--url", "https://127.0.0.1:9"))
        .contains("cannot read WARREN_CA_FILE=none.pem");
  }

  @Test
  void saysThatTheFolderOrItsDiskCannotBeUsed() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "wrd_x");
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    String[] common = {"--url", "http://127.0.0.1:9", "--token-file", token.toString(), "--dir"};
    assertThat(install(with(common, file + "/x"))).contains("cannot write to " + file + "/x");
    program(
        "curl", "for a; do out=$a; [ \"$b\" = -o ] && to=$a; b=$a; done; printf '%064d' 1 > $to");
    program("df", "echo head; echo disk 9 9 51200 9% /");
    assertThat(install(with(common, folder.resolve("d").toString())))
        .contains("has 50 MB free and the daemon needs 244");
  }

  @Test
  void refusesADownloadWhoseSumIsWrong() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "wrd_x");
    program(
        "curl", "for a; do out=$a; [ \"$b\" = -o ] && to=$a; b=$a; done; printf '%064d' 1 > $to");
    String said = install("--url", "http://127.0.0.1:9", "--token-file", token.toString());
    assertThat(said).contains("the download is damaged");
    assertThat(folder.resolve(".warren-daemon/daemon")).doesNotExist();
  }

  @Test
  void saysWhyTheBundlesJavaCannotStart() throws Exception {
    assertThat(
            installJavaThatSays(
                "java: /lib/libc.so.6: version \\`GLIBC_2.38' not found (required by libjli.so)"))
        .contains(
            "too old for the daemon's Java (/lib/libc.so.6: version `GLIBC_2.38' not found):",
            "Debian 13");
    assertThat(
            installJavaThatSays(
                "java: error while loading shared libraries: libz.so.1: cannot open shared object file"))
        .contains("a library is missing for the daemon's Java", "libz.so.1", "zlib1g");
    assertThat(installJavaThatSays("sh: java: Permission denied")).contains("mounted noexec");
    assertThat(folder.resolve(".warren-daemon/daemon")).doesNotExist();
  }

  /// Installs a bundle whose Java ends with these words.
  private String installJavaThatSays(String words) throws Exception {
    program("java-that-fails", "echo \"" + words + "\" >&2; exit 1");
    Path bundle = folder.resolve("bundle");
    for (String file : List.of("bin/warren-daemon", "runtime/bin/java")) {
      Path path = bundle.resolve(file);
      Files.createDirectories(path.getParent());
      Files.copy(bin.resolve("java-that-fails"), path, StandardCopyOption.REPLACE_EXISTING);
    }
    program(
        "curl",
        """
        for a; do [ "$b" = -o ] && to=$a; b=$a; done
        case $a in
          *.xz.sha256) exit 22 ;;
          *.sha256) tar -C %1$s -c . | gzip > %1$s.tar.gz; sha256sum < %1$s.tar.gz > "$to" ;;
          *.tar.gz) cp %1$s.tar.gz "$to" ;;
          *) exit 7 ;;
        esac\
        """
            .formatted(bundle));
    Path token = Files.writeString(folder.resolve("token"), "wrd_x");
    return install("--url", "http://127.0.0.1:9", "--token-file", token.toString());
  }

  private static String[] with(String[] common, String last) {
    List<String> all = new ArrayList<>(List.of(common));
    all.add(last);
    return all.toArray(String[]::new);
  }

  private void program(String name, String text) throws IOException {
    Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// What it prints; it must fail.
  private String install(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("PATH", bin + ":/usr/bin:/bin");
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(1);
    return said;
  }
}
