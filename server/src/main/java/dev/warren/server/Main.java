package dev.warren.server;

import dev.warren.protocol.CertificateFile;
import dev.warren.server.db.DatabaseException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// The `server`, `demo` and `train` commands. Exit status 0 on success, 1 with one line on failure,
/// 2 on wrong usage.
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    CommandSpec server = command("server", "Runs the control plane.");
    CommandSpec demo =
        command("demo", "Runs a control plane with throw-away data and a scripted model.");
    CommandSpec train = CommandSpec.create().name("train").mixinStandardHelpOptions(true);
    train.usageMessage().description("Starts and stops once, to train a class cache.").hidden(true);
    CommandSpec root =
        CommandSpec.create()
            .name("warren")
            .addSubcommand("server", server)
            .addSubcommand("demo", demo)
            .addSubcommand("train", train);
    CommandLine line = new CommandLine(root);
    line.setExecutionStrategy(Main::execute);
    return line.execute(args);
  }

  private static CommandSpec command(String name, String description) {
    CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
    spec.usageMessage()
        .description(
            description
                + " Each option may also be the environment variable of the same name, such as"
                + " WARREN_ADDRESS, or a line of warren.properties in the data folder.");
    for (Setting setting : Setting.values()) {
      spec.addOption(
          OptionSpec.builder(setting.flag())
              .paramLabel(setting.form())
              .description(setting.meaning())
              .type(String.class)
              .build());
    }
    return spec;
  }

  private static int execute(ParseResult parsed) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    ParseResult command = parsed.subcommand();
    if (command == null) {
      parsed.commandSpec().commandLine().usage(System.err);
      return 2;
    }
    try {
      switch (command.commandSpec().name()) {
        case "demo" -> Demo.run(flags(command), System.getenv());
        case "train" -> Training.run();
        default -> serve(flags(command));
      }
      return 0;
    } catch (SettingException | IOException | DatabaseException e) {
      log.debug("the start failed", e);
      System.err.println(e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      System.err.println("interrupted");
      return 1;
    }
  }

  private static Map<Setting, String> flags(ParseResult command) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    for (Setting setting : List.of(Setting.values())) {
      if (command.hasMatchedOption(setting.flag())) {
        flags.put(setting, command.matchedOptionValue(setting.flag(), ""));
      }
    }
    return flags;
  }

  private static void serve(Map<Setting, String> flags) throws IOException, InterruptedException {
    CertificateFile.trustNamedIn(System.getenv());
    Settings settings = Settings.read(flags, System.getenv());
    try (StopSignal stop = StopSignal.install();
        ControlPlane controlPlane = ControlPlane.start(settings, Main::say)) {
      say("Warren is at " + controlPlane.url());
      controlPlane
          .setupLink()
          .ifPresent(link -> say("There is no user yet. Make the first one: " + link));
      stop.await();
    }
  }

  /// Tells whoever started the program.
  static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
