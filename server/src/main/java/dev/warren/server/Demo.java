package dev.warren.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A control plane to look at: throw-away data, a signed-in administrator, and the scripted model
/// as an ordinary provider. All of it is gone when it ends.
final class Demo {
  private static final Pattern LISTENS = Pattern.compile(".*(http://\\S+)");
  private static final String SCRIPTED_MODEL = "dev.warren.scripted.Main";

  private Demo() {}

  static void run(Map<Setting, String> flags, Map<String, String> environment)
      throws IOException, InterruptedException {
    try (StopSignal stop = StopSignal.install();
        Closing closing = new Closing()) {
      Path folder = Files.createTempDirectory("warren-demo-");
      closing.add(() -> Folders.delete(folder));
      // The users of workspaces pass through it to their own folders.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
      Process model = scriptedModel();
      closing.add(model::destroy);
      URI modelUrl = url(model);
      Map<Setting, String> all = new EnumMap<>(Setting.class);
      all.putAll(flags);
      all.put(Setting.DATA_DIR, folder.resolve("data").toString());
      Settings settings = Settings.read(all, own(environment)).forThrowAwayData();
      ControlPlane controlPlane = closing.add(ControlPlane.start(settings, Main::say));
      closing.add(controlPlane::endWorkspaces);
      URI link =
          controlPlane.createDemoUser("demo@example.org", "demo", UUID.randomUUID().toString());
      controlPlane.addScriptedModel(modelUrl);
      Main.say("Warren is at " + controlPlane.url() + ", with throw-away data.");
      Main.say("Sign in, once, by " + link);
      stop.await();
    }
  }

  /// Providers' keys of the environment are not for the demo, and neither are its first user's.
  private static Map<String, String> own(Map<String, String> environment) {
    Map<String, String> own = new HashMap<>();
    for (Setting setting :
        List.of(
            Setting.ADDRESS,
            Setting.ACCESS_URL,
            Setting.APPS_URL,
            Setting.LOCAL_MOUNTS,
            Setting.LOCAL_UNISOLATED)) {
      String value = environment.get(setting.variable());
      if (value != null) {
        own.put(setting.variable(), value);
      }
    }
    return own;
  }

  private static Process scriptedModel() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            SCRIPTED_MODEL,
            "--port",
            "0")
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static URI url(Process model) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(model.getInputStream(), StandardCharsets.UTF_8));
    String line = lines.readLine();
    Matcher listens = LISTENS.matcher(line == null ? "" : line);
    if (!listens.matches()) {
      throw new IOException("the scripted model does not start: " + line);
    }
    return URI.create(listens.group(1));
  }
}
