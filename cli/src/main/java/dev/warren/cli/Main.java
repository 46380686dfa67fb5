package dev.warren.cli;

import dev.warren.cli.account.GitCredentials;
import dev.warren.cli.account.SignIn;
import dev.warren.cli.account.SignOut;
import dev.warren.cli.account.Tokens;
import dev.warren.cli.account.WhoAmI;
import dev.warren.cli.admin.Models;
import dev.warren.cli.admin.Providers;
import dev.warren.cli.admin.Templates;
import dev.warren.cli.admin.Users;
import dev.warren.cli.chat.Chat;
import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import dev.warren.cli.client.ThisProgram;
import dev.warren.cli.workspace.ConfigSsh;
import dev.warren.cli.workspace.MeasureSpeed;
import dev.warren.cli.workspace.Netcheck;
import dev.warren.cli.workspace.PingWorkspace;
import dev.warren.cli.workspace.PortForward;
import dev.warren.cli.workspace.Ssh;
import dev.warren.cli.workspace.Workspaces;
import dev.warren.protocol.CertificateFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The client side of the `warren` command.
@Command(
    name = "warren",
    description = "Talks to a Warren control plane.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
  /// Exercises what every command uses, for the ahead-of-time cache: reads a page of a list that
  /// nobody serves.
  private static final String TRAIN = "--train";

  /// By name, in the order of the help.
  private static final Map<String, Class<?>> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("login", SignIn.class);
    COMMANDS.put("logout", SignOut.class);
    COMMANDS.put("whoami", WhoAmI.class);
    COMMANDS.put("tokens", Tokens.class);
    COMMANDS.put("git-credentials", GitCredentials.class);
    COMMANDS.put("chat", Chat.class);
    COMMANDS.put("create", Workspaces.Create.class);
    COMMANDS.put("list", Workspaces.ListAll.class);
    COMMANDS.put("show", Workspaces.Show.class);
    COMMANDS.put("start", Workspaces.Start.class);
    COMMANDS.put("stop", Workspaces.Stop.class);
    COMMANDS.put("restart", Workspaces.Restart.class);
    COMMANDS.put("delete", Workspaces.Delete.class);
    COMMANDS.put("logs", Workspaces.Logs.class);
    COMMANDS.put("ssh", Ssh.class);
    COMMANDS.put("config-ssh", ConfigSsh.class);
    COMMANDS.put("port-forward", PortForward.class);
    COMMANDS.put("ping", PingWorkspace.class);
    COMMANDS.put("speedtest", MeasureSpeed.class);
    COMMANDS.put("netcheck", Netcheck.class);
    COMMANDS.put("templates", Templates.class);
    COMMANDS.put("providers", Providers.class);
    COMMANDS.put("models", Models.class);
    COMMANDS.put("users", Users.class);
  }

  @Spec private CommandSpec spec = CommandSpec.create();

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
    try {
      CertificateFile.trustNamedIn(System.getenv());
    } catch (IOException e) {
      System.err.println("warren: " + e.getMessage());
      System.exit(CommandLine.ExitCode.SOFTWARE);
    }
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    line.setCommandName(ThisProgram.called());
    line.getCommandSpec().version("warren " + ThisProgram.version());
    // Reading one command's annotations instead of all of them halves the start.
    Class<?> named = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
    if (named == null) {
      COMMANDS.forEach(line::addSubcommand);
    } else {
      line.addSubcommand(arguments[0], named);
    }
    return line.setExecutionExceptionHandler((error, _, _) -> main.report(error))
        .setParameterExceptionHandler((error, _) -> wrongUsage(error))
        .setUsageHelpAutoWidth(true)
        .execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
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
    System.err.println("warren: " + whatIsWrong(error) + " (try '" + command + " --help')");
    return CommandLine.ExitCode.USAGE;
  }

  /// The parser counts arguments that it cannot place; a person wants to know which word is wrong.
  private static String whatIsWrong(ParameterException error) {
    if (!(error instanceof UnmatchedArgumentException unmatched) || unmatched.isUnknownOption()) {
      return String.valueOf(error.getMessage());
    }
    String word = "'" + unmatched.getUnmatched().getFirst() + "'";
    return error.getCommandLine().getSubcommands().isEmpty()
        ? word + " is one argument too many"
        : "there is no command " + word;
  }
}
