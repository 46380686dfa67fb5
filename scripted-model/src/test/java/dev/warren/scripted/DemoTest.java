package dev.warren.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Plays the demo's conversations against tools that answer as the real ones do.
class DemoTest {
  private static final Set<String> TOOLS =
      Set.of(
          "list_templates",
          "create_workspace",
          "write_file",
          "execute",
          "read_file",
          "edit_files",
          "process_list");

  private final Matching matching = new Matching(Script.demo().rules());
  private final List<Conversation.Result> results = new ArrayList<>();
  private final List<String> called = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private void play(String prompt, String shell) {
    boolean more = true;
    for (int round = 0; more; round++) {
      Conversation conversation =
          new Conversation("anthropic", "m", "", prompt, TOOLS, results, round, true, true, 100);
      Matching.Found found = matching.find(conversation).orElseThrow();
      Template template = new Template(conversation, found.captures());
      text.setLength(0);
      more = false;
      for (Step step : Answer.chosen(found.steps(), conversation)) {
        if (step instanceof Step.Call(Step.CallSpec call)) {
          more = true;
          called.add(call.name());
          JsonNode input =
              template.fill(call.input().orElseGet(JsonNodeFactory.instance::objectNode));
          String output = answer(call.name(), input, shell);
          boolean error = output.startsWith("{\"error\"");
          results.add(new Conversation.Result(call.name(), output, error, round + 1));
        } else if (step instanceof Step.Text(String part, Optional<Script.Pace> _)) {
          text.append(template.fill(part));
        }
      }
    }
  }

  private static String answer(String tool, JsonNode input, String shell) {
    return switch (tool) {
      case "list_templates" -> "{\"templates\":[{\"id\":\"t-1\",\"name\":\"local\"}]}";
      case "create_workspace" ->
          input.path("template_id").asString("").equals("t-1")
              ? "{\"workspace_id\":\"w\",\"status\":\"running\"}"
              : "{\"error\":\"no such template\"}";
      case "execute" -> {
        String command = input.path("command").asString("");
        boolean asks = command.contains("--version");
        yield JsonNodeFactory.instance
            .objectNode()
            .put("exit_code", 0)
            .put("output", asks ? shell : "ran " + command)
            .toString();
      }
      case "read_file" ->
          input.path("path").asString("").endsWith(".py")
              ? "{\"content\":\"1\\timport sys\"}"
              : "{\"content\":\"1\\t#!/bin/sh\"}";
      default -> "{\"ok\":true}";
    };
  }

  @Test
  void aProgramIsWrittenRunImprovedAndRunAgain() {
    play("Write a program that counts primes", "python 3.13");
    assertThat(called)
        .containsExactly(
            "list_templates",
            "create_workspace",
            "execute",
            "execute",
            "write_file",
            "write_file",
            "execute",
            "read_file",
            "edit_files",
            "execute",
            "execute");
    assertThat(text.toString()).contains("primes.py", "ran cd").doesNotContain("{{");
  }

  @ParameterizedTest
  @ValueSource(strings = {"python 3.13", ""})
  void theFirstPrimesAreThoseThatWereAskedFor(String shell) {
    play("please write a script that prints the first twelve prime numbers", shell);
    assertThat(text.toString())
        .contains("prints the first 12 primes", shell.isEmpty() ? "first.sh" : "first.py")
        .doesNotContain("{{");
  }

  @Test
  void aFailedToolEndsTheStoryInPlainWords() {
    results.add(new Conversation.Result("execute", "{\"error\":\"the disk is full\"}", true, 1));
    Conversation conversation =
        new Conversation(
            "anthropic", "m", "", "write a program", TOOLS, results, 1, true, true, 100);
    Matching.Found found = matching.find(conversation).orElseThrow();
    assertThat(found.steps()).isEqualTo(found.rule().onError()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "explain how this program works",
        "count to twenty",
        "what is a sieve?",
        "Bananas",
        ""
      })
  void otherPromptsGetAnAnswerWithoutTools(String prompt) {
    play(prompt, "");
    assertThat(called).isEmpty();
    assertThat(text.toString()).isNotBlank().doesNotContain("{{");
  }
}
