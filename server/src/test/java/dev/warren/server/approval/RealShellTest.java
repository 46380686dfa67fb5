package dev.warren.server.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real shells run scripts of random pieces: whenever a program ran, reading the script must have
/// found it, or must have said that it cannot tell.
@Timeout(120)
final class RealShellTest {
  private static final int SCRIPTS = Integer.getInteger("warren.test.scripts", 400);
  private static final long SEED = Long.getLong("warren.test.seed", 20_260_801L);

  /// What scripts are made of; `marker` is the program that must not go unseen.
  private static final List<String> PIECES =
      List.of(
          "marker",
          "marker",
          "marker a",
          "mark''er",
          "\"marker\"",
          "m\\arker",
          "other",
          "x",
          " ",
          " ",
          " ",
          ";",
          "&&",
          "||",
          "|",
          "&",
          "\n",
          "\n",
          "(",
          ")",
          "{ ",
          "; }",
          "$(",
          ")",
          "`",
          "'",
          "\"",
          "\\",
          "#",
          "$x",
          "${x:-",
          "}",
          "$((",
          "))",
          "1",
          "if ",
          "; then ",
          "; fi",
          "case a in a) ",
          ";; ",
          " esac",
          "for i in 1; do ",
          "; done",
          "f() { ",
          "; f",
          "! ",
          "eval ",
          "env ",
          "sh -c ",
          "exec ",
          "command ",
          "xargs ",
          "A=1 ",
          ">o ",
          "2>&1 ",
          "<<E\n",
          "\nE\n",
          "<<'E'\n",
          "<(",
          "[[ ",
          " ]]",
          "function g ",
          "{marker,a}",
          "nice ",
          "time ",
          "trap ",
          " EXIT",
          "$'",
          "~",
          "*",
          "=",
          "\t",
          "<<<",
          "-c",
          "in ",
          "esac",
          "do ",
          "then ");

  /// What a script may be put into, and still run.
  private static final List<String> FRAMES =
      List.of(
          "if @; then x; fi",
          "if x; then y; else @; fi",
          "x $(@)",
          "x `@`",
          "x \"$(@)\"",
          "{ @; }",
          "( @ )",
          "x; @",
          "x || @",
          "A=1 @",
          "A=$(@)",
          "sh -c '@'",
          "sh -c \"@\"",
          "env -i PATH=\"$PATH\" MARKS=\"$MARKS\" SCRIPT=\"$SCRIPT\" @",
          "eval '@'",
          "case a in b) x;; (a|c) @;; esac",
          "for i in 1; do @; done",
          "f() { @; }; f",
          "x <<E\n$(@)\nE\n",
          "x # c'\n@",
          "! @",
          "@ >o 2>&1",
          "xargs @ </dev/null",
          "x ${y:-$(@)}",
          "x $((1 + $(@)))",
          "while x; do y; done; @",
          "nice -n 1 @",
          "trap '@' EXIT",
          "exec @");

  @TempDir Path folder;

  @Test
  void noProgramRunsThatReadingTheScriptHasNotFound() throws IOException, InterruptedException {
    List<String> scripts = scripts();
    Set<Integer> ran = run(scripts);
    List<String> unseen = new ArrayList<>();
    int found = 0;
    for (int i = 0; i < scripts.size(); i++) {
      ShellScript read = ShellScript.read(scripts.get(i));
      boolean seen = read.commands().stream().anyMatch(c -> c.program().equals("marker"));
      found += seen && ran.contains(i) ? 1 : 0;
      if (ran.contains(i) && !seen && read.opaque().isEmpty()) {
        unseen.add(scripts.get(i));
      }
    }
    assertThat(unseen).as("seed " + SEED).isEmpty();
    assertThat(ran).as("scripts in which the program ran").hasSizeGreaterThan(SCRIPTS / 4);
    assertThat(found).as("of which it was found").isGreaterThan(ran.size() / 2);
  }

  private static List<String> scripts() {
    Random random = new Random(SEED);
    List<String> scripts = new ArrayList<>();
    for (int i = 0; i < SCRIPTS / 2; i++) {
      String framed = "marker";
      for (int j = random.nextInt(4); j >= 0; j--) {
        framed = FRAMES.get(random.nextInt(FRAMES.size())).replace("@", framed);
      }
      scripts.add(framed);
    }
    for (int i = 0; i < SCRIPTS / 2; i++) {
      StringBuilder script = new StringBuilder();
      int pieces = 1 + random.nextInt(9);
      for (int j = 0; j < pieces; j++) {
        script.append(PIECES.get(random.nextInt(PIECES.size())));
        if (random.nextInt(3) == 0) {
          script.append(' ');
        }
      }
      scripts.add(script.toString());
    }
    return scripts;
  }

  /// Runs each script in each shell there is, where only a few harmless programs can be found.
  ///
  /// @return the scripts in which the marker ran
  private Set<Integer> run(List<String> scripts) throws IOException, InterruptedException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path marker = bin.resolve("marker");
    Files.writeString(marker, "#!/bin/sh\n: > \"$MARKS/$SCRIPT\"\n");
    Files.setPosixFilePermissions(marker, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String program : List.of("env", "xargs", "sh", "nice", "time")) {
      Path real = Path.of("/usr/bin", program);
      if (Files.exists(real)) {
        Files.createSymbolicLink(bin.resolve(program), real);
      }
    }
    Path marks = Files.createDirectory(folder.resolve("marks"));
    Path work = Files.createDirectory(folder.resolve("work"));
    Path all = Files.createDirectory(folder.resolve("scripts"));
    for (int i = 0; i < scripts.size(); i++) {
      Files.writeString(all.resolve(String.valueOf(i)), scripts.get(i));
    }
    String driver =
        "for s in \"$ALL\"/*; do export SCRIPT=\"${s##*/}\"; for shell in /bin/sh /bin/bash; do"
            + " [ -x $shell ] && PATH=\"$BIN\" /usr/bin/timeout -k 1 2 $shell -c"
            + " \"$(/bin/cat \"$s\")\" </dev/null >/dev/null 2>&1; done; done; :";
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-c", driver)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("ALL", all.toString());
    builder.environment().put("BIN", bin.toString());
    builder.environment().put("MARKS", marks.toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    Set<Integer> ran = new HashSet<>();
    try (var found = Files.list(marks)) {
      found.forEach(file -> ran.add(Integer.valueOf(file.getFileName().toString())));
    }
    return ran;
  }
}
