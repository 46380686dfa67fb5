package dev.warren.scripted;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the scripted model as a server of its own.
@Command(
    name = "scripted-model",
    mixinStandardHelpOptions = true,
    description = "Answers as Anthropic's and OpenAI's APIs do, from a script.")
public final class Main implements Callable<Integer> {
  @Option(names = "--port", description = "The port on 127.0.0.1; a free one when 0.")
  private int port;

  @Option(names = "--script", description = "The script; that of the demo when absent.")
  private Optional<Path> script = Optional.empty();

  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    try (ScriptedModel model =
        new ScriptedModel(script.map(Script::read).orElseGet(Script::demo), port)) {
      model.start();
      System.out.println("The scripted model listens on " + model.anthropicUrl());
      System.out.flush();
      new CountDownLatch(1).await();
    }
    return 0;
  }
}
