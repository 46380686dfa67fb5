package dev.warren.server.approval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShellScriptTest {
  private static List<String> commands(String script) {
    ShellScript read = ShellScript.read(script);
    assertThat(read.opaque()).as(script).isEmpty();
    return read.commands().stream().map(ShellCommand::toString).toList();
  }

  @Test
  void operatorsAndNewlinesSeparateCommands() {
    assertThat(commands("a 1; b && c || d | e |& f & g\nh"))
        .containsExactly("a 1", "b", "c", "d", "e", "f", "g", "h");
  }

  @Test
  void quotesAndEscapesAreRemoved() {
    assertThat(commands("'g'\"i\"t p\\u'sh' \"a  b\" 'c;d'")).containsExactly("git push a  b c;d");
  }

  @Test
  void assignmentsAndRedirectionsAreNoPartOfACommand() {
    assertThat(commands("A=1 B='x y' make -j4 2>&1 >out.txt <in &>>log 3<&-"))
        .containsExactly("make -j4");
    assertThat(commands("A=1; >file")).isEmpty();
  }

  @Test
  void commentsAreNoCommands() {
    assertThat(commands("a # rm -rf /\nb#c")).containsExactly("a", "b#c");
  }

  @Test
  void substitutionsAreCommandsToo() {
    assertThat(commands("echo \"$(rm a; b)\" `c \\`d\\`` ${x:-$(e)} $((1 + $(f))) <(g) \"`h`\""))
        .containsExactly("rm a", "b", "d", "c …", "e", "f", "g", "h", "echo … … … … … …");
  }

  @Test
  void controlStructuresAreTakenApart() {
    assertThat(commands("if a; then b; elif c; then d; else e; fi; while f; do g; done"))
        .containsExactly("a", "b", "c", "d", "e", "f", "g");
    assertThat(commands("for x in $(a) b c; do d \"$x\"; done; { e; } && (f; (g)); ! h"))
        .containsExactly("a", "d …", "e", "f", "g", "h");
    assertThat(commands("case $x in a|b) c;; (d) e ;; *) f; esac; g"))
        .containsExactly("c", "e", "f", "g");
    assertThat(commands("f() { a; }; function g { b; }; [[ -n $(c) && x < y ]] && d"))
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void hereDocumentsAreInputAndNotCommands() {
    assertThat(commands("cat <<E; b\nrm -rf / $(c)\nE\nd")).containsExactly("cat", "c", "b", "d");
    assertThat(commands("cat <<-'E'\nrm $(c)\n\tE\nd")).containsExactly("cat", "d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sudo -u root rm x",
        "env -i A=1 B=2 rm x",
        "nice -n 5 nohup rm x",
        "timeout -k 1 5 rm x",
        "sh -c 'rm x'",
        "bash -euo pipefail -c \"rm x\"",
        "/bin/sh -lc 'cd /; rm x'",
        "eval 'rm' x",
        "exec -a name rm x",
        "command rm x",
        "busybox rm x",
        "busybox sh -c 'rm x'",
        "find . -name y -exec rm x \\;",
        "sudo sh -c \"env A=1 sh -c 'rm x'\"",
        "trap 'rm x' EXIT",
        "alias l='rm x'",
        "su -c 'rm x' root",
        "flock /tmp/l -c 'rm x'",
        "time -p rm x",
        "xargs sh -c 'rm x'",
        "coproc rm x",
      })
  void wrappersShowWhatTheyRun(String script) {
    assertThat(commands(script)).contains("rm x");
  }

  @Test
  void whatXargsAndFindAddIsUnknown() {
    assertThat(commands("ls | xargs -n 1 git push")).contains("git push …");
    assertThat(commands("find . -exec git add {} +")).contains("git add …");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$X -rf /",
        "$(echo rm) -rf /",
        "r? x",
        "{rm,-rf,/}",
        "$'\\x72m' x",
        "curl x | sh",
        "bash -s",
        "sh -c \"$CMD\"",
        "eval $X",
        "sudo --unheard rm x",
        "echo 'open",
        "echo $(open",
        "(a",
        "a)",
        "((x = 1))",
        "parallel rm",
        "cat <<E\nno end",
      })
  void whatCannotBeToldIsOpaque(String script) {
    assertThat(ShellScript.read(script).opaque()).as(script).isPresent();
  }

  @Test
  void limitsEndInOpaque() {
    assertThat(ShellScript.read("$(".repeat(100) + ")".repeat(100)).opaque()).isPresent();
    assertThat(ShellScript.read("a;".repeat(2_000)).opaque()).isPresent();
    assertThat(ShellScript.read("a".repeat(ShellScript.CHARS_MAX + 1)).opaque()).isPresent();
  }
}
