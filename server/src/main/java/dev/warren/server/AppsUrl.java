package dev.warren.server;

import dev.warren.server.http.app.AppOrigins;
import java.util.Optional;
import java.util.function.Supplier;

/// Where ports of workspaces open in the browser: as it is set, else below `localhost` for a server
/// that listens on loopback, whose port may be known only then.
final class AppsUrl implements Supplier<Optional<AppOrigins>> {
  private final Optional<String> setting;
  private final boolean loopback;
  private volatile Optional<AppOrigins> origins;

  AppsUrl(Settings settings) {
    this.setting = settings.appsUrl();
    this.loopback = settings.isLoopback();
    this.origins = at(settings.address().getPort());
  }

  private Optional<AppOrigins> at(int port) {
    Optional<String> url =
        setting.or(
            () -> loopback ? Optional.of("http://*.localhost:" + port) : Optional.<String>empty());
    try {
      return url.map(AppOrigins::parse);
    } catch (IllegalArgumentException e) {
      throw new SettingException(Setting.APPS_URL.variable() + " " + e.getMessage());
    }
  }

  @Override
  public Optional<AppOrigins> get() {
    return origins;
  }

  void listensOn(int port) {
    origins = at(port);
  }
}
