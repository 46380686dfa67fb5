package dev.warren.server.approval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What applies to the calls of one chat. Each set of rules decides by itself and the strictest
/// decision counts, so that a chat's own rules can tighten the administrator's and never loosen
/// them. Of a script each command is judged, and the strictest decision counts again; a script that
/// cannot be taken apart is treated as the strictest rule for its tool would have it.
///
/// @param granted what the user has allowed for the chat: it answers where rules ask, and only
///   there
public record ApprovalPolicy(
    ApprovalRules administrators, ApprovalRules chats, List<Grant> granted) {
  public ApprovalPolicy {
    granted = List.copyOf(granted);
  }

  public Verdict judge(ToolUse use) {
    if (administrators.isEmpty() && chats.isEmpty()) {
      return Verdict.ALLOWED;
    }
    return use.command().map(command -> judge(use.tool(), command)).orElseGet(() -> byName(use));
  }

  private Verdict byName(ToolUse use) {
    Optional<Finding> finding = strictest(rules -> rules.first(use.tool()));
    boolean granted = granted().stream().anyMatch(grant -> grant.covers(use.tool()));
    return verdict(
        finding
            .filter(found -> found.decision() == Decision.DENY || !granted)
            .map(found -> found.offering(Grant.of(use.tool())))
            .stream()
            .toList());
  }

  private Verdict judge(String tool, String command) {
    ShellScript script = ShellScript.read(command);
    List<Finding> findings = new ArrayList<>();
    for (ShellCommand part : script.commands()) {
      boolean allowed = granted.stream().anyMatch(grant -> grant.covers(tool, part));
      strictest(rules -> rules.first(tool, part))
          .filter(found -> found.decision() == Decision.DENY || !allowed)
          .map(found ->
              part.known() && part.isStatic()
                  ? found.offering(Grant.of(tool, part, found.rule()))
                  : found)
          .ifPresent(findings::add);
    }
    script
        .opaque()
        .flatMap(
            reason -> strictest(rules -> rules.strictest(tool)).map(found -> found.because(reason)))
        .ifPresent(findings::add);
    return verdict(findings);
  }

  /// The stricter of the two sets' rules, unless it allows.
  private Optional<Finding> strictest(Function<ApprovalRules, Optional<ApprovalRule>> choose) {
    Optional<Finding> theirs = choose.apply(administrators).map(rule -> new Finding(rule, true));
    Optional<Finding> ours = choose.apply(chats).map(rule -> new Finding(rule, false));
    Optional<Finding> stricter =
        theirs.isPresent()
                && ours.map(own -> own.decision().compareTo(theirs.get().decision()) <= 0)
                    .orElse(true)
            ? theirs
            : ours;
    return stricter.filter(found -> found.decision() != Decision.ALLOW);
  }

  private static Verdict verdict(List<Finding> findings) {
    Decision decision =
        findings.stream().map(Finding::decision).reduce(Decision.ALLOW, Decision::orStricter);
    if (decision == Decision.ALLOW) {
      return Verdict.ALLOWED;
    }
    List<Finding> decisive =
        findings.stream().filter(found -> found.decision() == decision).toList();
    // Remembering has to answer all of it, or it would be asked again at once.
    boolean rememberable = decisive.stream().noneMatch(found -> found.grant().isEmpty());
    List<Grant> grants =
        rememberable
            ? decisive.stream().flatMap(found -> found.grant().stream()).distinct().toList()
            : List.of();
    String reason =
        decisive.stream().map(Finding::says).distinct().collect(Collectors.joining("; "));
    if (decision == Decision.ASK && !grants.isEmpty()) {
      reason +=
          ". Remembering it allows "
              + grants.stream().map(Grant::says).collect(Collectors.joining(", "))
              + " in this chat";
    }
    return new Verdict(decision, reason + ".", decision == Decision.ASK ? grants : List.of());
  }

  /// A rule that stands in the way, and of whom.
  private record Finding(
      ApprovalRule rule, boolean administrators, Optional<String> opaque, Optional<Grant> grant) {
    Finding(ApprovalRule rule, boolean administrators) {
      this(rule, administrators, Optional.empty(), Optional.empty());
    }

    Decision decision() {
      return rule.decision();
    }

    Finding offering(Grant offered) {
      return new Finding(rule, administrators, opaque, Optional.of(offered));
    }

    Finding because(String reason) {
      return new Finding(rule, administrators, Optional.of(reason), Optional.empty());
    }

    String says() {
      String whose = administrators ? "The administrator's rules" : "This chat's rules";
      String what = decision() == Decision.DENY ? " do not allow " : " ask before ";
      return opaque
          .map(reason ->
              whose
                  + what
                  + rule.says()
                  + ", and what this command runs cannot be told from its text ("
                  + reason
                  + ")")
          .orElse(whose + what + rule.says());
    }
  }
}
