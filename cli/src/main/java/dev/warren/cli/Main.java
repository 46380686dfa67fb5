package dev.warren.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The client side of the `warren` command.
@Command(
    name = "warren",
    description = "Talks to a Warren control plane.",
    mixinStandardHelpOptions = true,
    version = "warren 0.1.0",
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public void run() {
    new CommandLine(this).usage(System.out);
  }
}
