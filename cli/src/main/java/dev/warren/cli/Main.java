package dev.warren.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/// The client side of the `warren` command.
@Command(
    name = "warren",
    description = "Talks to a Warren control plane.",
    mixinStandardHelpOptions = true,
    version = "warren " + Main.VERSION,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      SignIn.class,
      SignOut.class,
      WhoAmI.class,
      Tokens.class,
      Chat.class,
      Workspaces.Create.class,
      Workspaces.ListAll.class,
      Workspaces.Show.class,
      Workspaces.Start.class,
      Workspaces.Stop.class,
      Workspaces.Restart.class,
      Workspaces.Delete.class,
      Workspaces.Logs.class,
      Templates.class,
      Providers.class,
      Models.class,
      Users.class
    })
public final class Main implements Runnable {
  static final String VERSION = "0.1.0";

  /// Exercises what every command uses, for the ahead-of-time cache: reads a page of a list that
  /// nobody serves.
  private static final String TRAIN = "--train";

  @Option(
      names = "--verbose",
      description = "After an error, print its cause.",
      scope = ScopeType.INHERIT)
  private boolean verbose;

  private Main() {}

  public static void main(String[] arguments) {
    if (List.of(arguments).equals(List.of(TRAIN))) {
      Training.run();
      return;
    }
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    Main main = new Main();
    return new CommandLine(main)
        .setExecutionExceptionHandler((error, _, _) -> main.report(error))
        .setParameterExceptionHandler((error, _) -> wrongUsage(error))
        .setUsageHelpAutoWidth(true)
        .execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(new CommandLine(this), "which command?");
  }

  private int report(Exception error) {
    System.out.flush();
    String message =
        error instanceof Failure failure
            ? failure.plain()
            : "unexpected: " + error + " (--verbose)";
    System.err.println("warren: " + Console.clean(message).replace('\n', ' '));
    if (verbose) {
      error.printStackTrace(System.err);
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static int wrongUsage(ParameterException error) {
    String command = error.getCommandLine().getCommandSpec().qualifiedName();
    System.err.println("warren: " + error.getMessage() + " (try '" + command + " --help')");
    return CommandLine.ExitCode.USAGE;
  }
}
