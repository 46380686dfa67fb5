package dev.warren.cli.chat;

import dev.warren.cli.admin.Models;
import dev.warren.cli.client.Api;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.cli.workspace.Workspaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A chat in the terminal.
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    description = {
      "A chat in the terminal.",
      "Lines that you type while the agent works are queued; Ctrl-C interrupts it, a second one"
          + " leaves. Without a terminal the prompt comes from the arguments or, without any, from"
          + " standard input, and the command ends with the turn."
    })
public final class Chat implements Callable<Integer> {
  /// What stands for standard input after a prompt.
  private static final String STANDARD_INPUT = "-";

  @Parameters(
      paramLabel = "PROMPT",
      arity = "0..*",
      description = "what the agent shall do; a last '-' adds standard input to it")
  private List<String> prompt = List.of();

  @Option(names = "--chat", paramLabel = "ID", description = "go on with this chat")
  private @Nullable String chat;

  @Option(names = "--workspace", paramLabel = "NAME", description = "work in this workspace")
  private @Nullable String workspace;

  @Option(names = "--model", paramLabel = "NAME", description = "answer with this model")
  private @Nullable String model;

  @Option(names = "--json", description = "print each event as a line of JSON")
  private boolean json;

  @Override
  public Integer call() {
    Console console = Console.standard();
    boolean interactive = console.interactive() && !json;
    String text = interactive ? String.join(" ", prompt) : wholePrompt();
    if (text.isBlank() && !interactive && chat == null) {
      throw new Failure("no prompt: give one as an argument or on standard input");
    }
    try (Api api = Api.signedIn()) {
      Conversation conversation = new Conversation(api, console, json);
      if (model != null) {
        conversation.useModel(Models.id(api, model));
      }
      if (workspace != null) {
        conversation.useWorkspace(Workspaces.id(api, workspace));
      }
      if (chat != null) {
        conversation.resume(chat);
      }
      return interactive ? conversation.interact(text) : conversation.once(text);
    }
  }

  private String wholePrompt() {
    boolean more = !prompt.isEmpty() && prompt.getLast().equals(STANDARD_INPUT);
    String given = String.join(" ", more ? prompt.subList(0, prompt.size() - 1) : prompt);
    boolean readsInput = more || (prompt.isEmpty() && chat == null);
    if (!readsInput) {
      return given;
    }
    try {
      String input = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
      return given.isEmpty() ? input : given + "\n\n" + input;
    } catch (IOException e) {
      throw new Failure("cannot read standard input", e);
    }
  }
}
